export { renewPrivileges, RoleRefusedError, roleStatements, type RoleRequest } from './database-roles.js';
export { canMigrate, notMigratedError, NotMigratedError, requireMigrated } from './migration-privilege.js';
