import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { toEndpointDto, type EndpointDto } from './endpoint.dto.js';
import { EndpointsRepository } from './endpoints.repository.js';

/** Reads endpoints as clients and staff see them: without their secrets. */
@Injectable()
export class EndpointReader {
  constructor(
    private readonly endpoints: EndpointsRepository,
    private readonly database: Database,
  ) {}

  /** All endpoints, oldest first. */
  async list(): Promise<EndpointDto[]> {
    return (await this.endpoints.list(this.database)).map(toEndpointDto);
  }

  /** One endpoint. Errors: `request.not_found`. */
  async get(id: string): Promise<EndpointDto> {
    const endpoint = await this.endpoints.find(this.database, id);
    if (endpoint === null) throw unknownEndpoint();
    return toEndpointDto(endpoint);
  }
}

/** There is no such endpoint. */
export function unknownEndpoint(): DomainError {
  return new DomainError('request.not_found', { detail: 'No such webhook endpoint.' });
}
