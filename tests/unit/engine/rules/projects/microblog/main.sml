Import(rules=['models/base.sml'])

Require(rule='rules/index.sml', require_if=Operation == 'create')
