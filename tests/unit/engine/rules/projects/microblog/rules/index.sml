Import(rules=['models/base.sml'])

Require(rule='rules/handle.sml', require_if=Handle != None)
Require(rule='rules/post/index.sml', require_if=IsPost)
