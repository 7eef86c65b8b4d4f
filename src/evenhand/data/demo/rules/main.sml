# The rules of Harbourlight. Each file under rules/ is about one thing; what several of them read stands in models/.
# A rule here never decides: it opens a case, hides something until a person has looked, or leaves a label that expires.

Import(rules=['models/base.sml'])

Require(rule='rules/newcomers.sml', require_if=ActionName == 'profile')
Require(rule='rules/written.sml', require_if=ActionName in ['post', 'comment', 'message'])
Require(rule='rules/public.sml', require_if=ActionName in ['post', 'comment'])
Require(rule='rules/crowd.sml', require_if=ActionName == 'comment' and Mentioned != None)
