"""The stories of Harbourlight. Each is a function from a scene and its first second to calls, in any order."""
