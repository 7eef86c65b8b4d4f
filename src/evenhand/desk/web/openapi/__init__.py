"""The API as documented: the OpenAPI document and a page that shows it, made from the operations themselves."""
