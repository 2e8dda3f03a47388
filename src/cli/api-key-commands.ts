import type { Command } from 'commander';
import { scopes } from '../platform/security/api-key.js';
import * as argument from './arguments.js';
import type { CommandContext } from './command-context.js';

// Loaded when a command runs: help and refusals need none of it.
const loadApiKeys = () => import('./api-keys.js');

/** `twofold api-keys …`: the keys of other products' servers. */
export function addApiKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command('api-keys').description('keys with which other products use the API');
  keys
    .command('create')
    .description('make a key; its token is shown once')
    .requiredOption('--name <name>', 'what it is for', argument.keyName)
    .requiredOption('--scope <scopes...>', `what it may do: ${scopes.join(', ')}`, argument.scope)
    .option(
      '--origin <origins...>',
      'web origins on which its person tokens may be used',
      argument.origin,
      [],
    )
    .option('--expires <days>', 'days until it expires; without it, never', argument.days)
    .option('--limit <requests>', 'requests a minute', argument.requestsPerMinute)
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadApiKeys()).createApiKey(get, options)),
    );
  keys
    .command('list')
    .description('list them, newest first')
    .action((options) =>
      context.runInApplication(options, async (get) => (await loadApiKeys()).listApiKeys(get)),
    );
  keys
    .command('rotate')
    .description('make a successor; the key acts beside it for a while')
    .argument('<id>', 'id from api-keys list', argument.id)
    .option('--overlap <hours>', 'how long, 0 to 720 hours', argument.overlapHours, 24)
    .action((id: string, options) =>
      context.runInApplication(options, async (get) =>
        (await loadApiKeys()).rotateApiKey(get, id, options.overlap),
      ),
    );
  keys
    .command('revoke')
    .description('end a key at once')
    .argument('<id>', 'id from api-keys list', argument.id)
    .action((id: string, options) =>
      context.runInApplication(options, async (get) => (await loadApiKeys()).revokeApiKey(get, id)),
    );
}
