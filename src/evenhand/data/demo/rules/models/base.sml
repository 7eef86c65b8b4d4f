# What every event has.

ActionName = GetActionName()

# The first person whom a comment mentions.
Mentioned: Optional[str] = JsonData(path='$.mentions[0].id')
