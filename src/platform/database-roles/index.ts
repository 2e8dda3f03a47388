export { renewRights, RoleRefused, roleStatements, type WantedRole } from './database-roles.js';
export { mayMigrate, notMigrated, NotMigrated, requireMigrated } from './may-migrate.js';
