Import(rules=['models/base.sml', 'models/post.sml'])

Require(rule='rules/post/burst.sml')
Require(rule='rules/post/replies.sml', require_if=IsReply)
Require(rule='rules/post/words.sml')
