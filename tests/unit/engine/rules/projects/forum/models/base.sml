ActionName = GetActionName()
ActionId = GetActionId()
UserId: Entity[str] = EntityJson(type='User', path='$.user_id')
IpAddress: Entity[str] = EntityJson(type='Ip', path='$.ip_address', required=False)
