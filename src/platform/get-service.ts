import type { Abstract, Type } from '@nestjs/common';

/** Answers the application's one instance of a service. */
export type GetService = <Service>(token: Type<Service> | Abstract<Service>) => Service;
