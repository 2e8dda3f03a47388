import { apiKeyList, type ApiKeyDetails, type ApiKeys } from '../../auth/index.js';
import type { ListSource } from '../lists/list-view.js';

/** The list of API keys. */
export function apiKeySource(keys: ApiKeys): ListSource<ApiKeyDetails> {
  return {
    ...{ name: 'api-keys', definition: apiKeyList },
    list: (request, limit) => keys.listPage(request, limit),
    count: (request, max) => keys.count(request, max),
  };
}
