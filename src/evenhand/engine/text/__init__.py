"""Text as the machine reads it: folded, looked through, compared. Everything takes time linear in the text's length."""
