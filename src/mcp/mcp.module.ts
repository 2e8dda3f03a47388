import { Module } from '@nestjs/common';
import { McpController } from './mcp.controller.js';

/** Tools for language models: the MCP server. */
@Module({ controllers: [McpController] })
export class McpModule {}
