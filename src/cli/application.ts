import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { AuthService, type User } from '../auth/index.js';
import { prepareLocalEnvironment } from '../local-environment.js';
import { SystemClock } from '../platform/clock.js';
import type { Config } from '../platform/config/config.js';
import { prepareDatabase } from '../prepare-database.js';
import { ProgrammeTerms } from '../referral/index.js';
import { CommandError, type GetService } from './command-context.js';

/** Few: a command must not take the connections of the processes that serve. */
const poolMax = 4;

/**
 * Runs `work` on the application without its web side, on the database of `config`: migrated, and,
 * where it is the embedded one, started or shared and let go of afterwards. Errors: whatever `work`
 * throws.
 */
export async function withApplication<T>(config: Config, work: (get: GetService) => Promise<T>): Promise<T> {
  const environment = await prepareLocalEnvironment(config, (line) => process.stderr.write(`${line}\n`));
  try {
    await prepareDatabase(environment.config.databaseUrl);
    const app = await NestFactory.createApplicationContext(
      AppModule.forRoot(
        // standard output belongs to the command's answer
        { ...environment.config, role: 'web', logLevel: 'silent', databasePoolMax: poolMax },
        new SystemClock(),
      ),
      { logger: false, abortOnError: false },
    );
    try {
      await app.get(ProgrammeTerms, { strict: false }).seed();
      return await work((token) => app.get(token, { strict: false }));
    } finally {
      await app.close();
    }
  } finally {
    await environment.release();
  }
}

/**
 * A person who works at the command line: known by their access to the machine, not by an account.
 */
export const operator = { kind: 'operator' } as const;

/**
 * The user of an address, however it was typed. Errors: {@link CommandError} when no user has it;
 * `hint` says what to do.
 */
export async function findUserByEmail(get: GetService, email: string, hint = ''): Promise<User> {
  const user = await get(AuthService).findByEmail(email);
  if (user === null) throw new CommandError(`No account has the address ${email}.${hint}`);
  return user;
}
