# Starts here: what every event needs, then the rules of its kind.
Import(rules=['models/base.sml'])

Require(rule=f'actions/{ActionName}.sml')
