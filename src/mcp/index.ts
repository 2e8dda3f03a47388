export { McpModule } from './mcp.module.js';

/** Loads the server for a process that speaks MCP on standard input and output. */
export const loadStdioServer = () => import('./server/serve-stdio.js');
