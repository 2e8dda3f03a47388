import type { Tool as ToolDeclaration, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { GetService } from '../../platform/get-service.js';
import type { Caller, Permission } from '../caller.js';

/** What a tool works with. */
export interface ToolContext {
  get: GetService;
  caller: Caller;
  /** Reports a failure that is not the caller's, whose cause the caller does not see. */
  reportFailure: (tool: string, error: unknown) => void;
}

/** A tool as the server lists and runs it. */
export interface Tool {
  declaration: ToolDeclaration;
  /** Any of them opens it. */
  permissions: readonly Permission[];
  inputSchema: z.ZodObject;
  outputSchema: z.ZodObject;
  run: (context: ToolContext, input: unknown) => Promise<unknown>;
}

/** How a tool is declared. What `run` answers beyond the fields of `output` is left out. */
export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  permissions: readonly Permission[];
  annotations: ToolAnnotations;
  input: Input;
  output: Output;
  run: (context: ToolContext, input: z.output<Input>) => Promise<BeforeJson<z.output<Output>>>;
}

/** What becomes a T as JSON: times are dates. */
type BeforeJson<T> = T extends string
  ? T | Date
  : T extends readonly (infer Item)[]
    ? readonly BeforeJson<Item>[]
    : T extends object
      ? { [Name in keyof T]: BeforeJson<T[Name]> }
      : T;

/** Reads only. What it says may change until the next call. */
export const readOnly: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };

/** A tool from its declaration. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, annotations, permissions, input, output, run } = definition;
  return {
    declaration: {
      ...{ name, title, description, annotations: { title, ...annotations } },
      inputSchema: toObjectSchema(input, 'input'),
      outputSchema: toObjectSchema(output, 'output'),
    },
    permissions,
    inputSchema: input,
    outputSchema: output,
    // the server has parsed the input by the schema
    run: (context, parsed) => run(context, parsed as z.output<Input>),
  };
}

function toObjectSchema(schema: z.ZodObject, io: 'input' | 'output'): ToolDeclaration['inputSchema'] {
  return z.toJSONSchema(schema, { io }) as ToolDeclaration['inputSchema'];
}
