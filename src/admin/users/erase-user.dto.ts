import { IsString, MaxLength } from 'class-validator';

/** Whom to erase, said twice. */
export class EraseUserDto {
  /** The present address of the account, so that no other person is erased by mistake. */
  @IsString()
  @MaxLength(254)
  email: string;
}
