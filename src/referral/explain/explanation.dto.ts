import { ApiAnyValue, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { InviteDto } from '../invites/invite.dto.js';

/** How a rule came out: it holds; it still has to be met; it is a matter of time or of a person; it speaks against the reward. */
export type RuleStatus = 'met' | 'missing' | 'waiting' | 'undone';

/** One rule that was checked: whether it holds, by what, and what that means in plain words. */
export class RuleExplanationDto {
  /** @example first_payment */
  rule: string;

  title: string;
  result: RuleStatus;

  /** What the rule was checked against. */
  inputs: Record<string, unknown>;

  explanation: string;

  /** When it was met. */
  at: Date | null;

  /** When it is decided. */
  by: Date | null;
}

/** Why an invite has, or has not yet, brought credit: the rules in order, what is missing, by when, and what happens next. */
export class InviteExplanationDto {
  invite: InviteDto;

  @ApiInteger()
  termsVersion: number;

  rules: RuleExplanationDto[];

  /** What is missing, in words. */
  missing: string[];

  by: Date | null;
  next: string;
}

/** What a fraud rule found, and how much it weighs. */
export class FraudFindingDto {
  /** @example shared_device */
  rule: string;

  @ApiInteger()
  version: number;

  mode: 'live' | 'shadow';

  @ApiInteger()
  weight: number;

  /** What it found: numbers and kinds, nothing that names a person. */
  @ApiAnyValue()
  evidence: unknown;

  at: Date;
}

/** The same for staff, with what the fraud rules found. */
export class ReferralExplanationDto extends InviteExplanationDto {
  findings: FraudFindingDto[];
}
