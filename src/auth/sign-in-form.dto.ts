import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

/** The form of /login. The address is judged by the controller, which shows the form again. */
export class LoginForm {
  @IsString()
  @MaxLength(1000)
  email: string;

  /** A referral code, however it was typed. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  ref?: string;

  /** Where to go afterwards. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  next?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}

/** The form of /verify. */
export class VerifyForm {
  @IsString()
  @MaxLength(100)
  code: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}

/** The form that signs one device out. */
export class DeviceForm {
  @IsUUID()
  sessionId: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}
