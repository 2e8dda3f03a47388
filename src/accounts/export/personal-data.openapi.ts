import type { ApiResponseOptions } from '@nestjs/swagger';

/** How the description shows the export of all that is stored about a person. */
export const personalDataAnswer: ApiResponseOptions = {
  description: 'All that is stored about the person, as a file. Every module adds sections of its own.',
  headers: {
    'content-disposition': { description: 'The name of the file.', schema: { type: 'string' } },
  },
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['audit', 'mergedAccounts'],
        additionalProperties: true,
        properties: {
          audit: {
            type: 'array',
            description: 'What was done to the account, newest first.',
            items: { type: 'object', additionalProperties: true },
          },
          mergedAccounts: {
            type: 'array',
            description: 'The same for every account that was merged into this one.',
            items: { type: 'object', additionalProperties: true },
          },
        },
      },
    },
  },
};
