Operation: str = JsonData(path='$.operation.action')
Collection: str = JsonData(path='$.operation.collection')
AccountId: Entity[str] = EntityJson(type='Account', path='$.did')
RecordId: Entity[str] = EntityJson(type='Record', path='$.operation.uri', required=False)
Handle: Optional[str] = JsonData(path='$.account.handle', required=False)
HandleText = ForceString(s=Handle)
IsPost = Collection == 'net.post'
