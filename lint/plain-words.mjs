import { oldNamesIn, oldWordsIn } from './check-words.mjs';

/**
 * ESLint rules that refuse the old words of old-words.mjs in declared names, comments and messages.
 */
export const plainWords = {
  rules: {
    names: {
      meta: { type: 'suggestion', schema: [], messages: { old: 'Old word {{finding}}.' } },
      create: (context) => ({
        Identifier(node) {
          if (!declares(node)) return;
          for (const finding of oldNamesIn(node.name))
            context.report({ node, messageId: 'old', data: { finding } });
        },
      }),
    },
    'comment-width': {
      meta: { type: 'layout', schema: [], messages: { wide: 'Wrap comments at 100 columns.' } },
      create: ({ sourceCode, report }) => ({
        Program() {
          for (const comment of sourceCode.getAllComments())
            for (let line = comment.loc.start.line; line <= comment.loc.end.line; line++)
              if (sourceCode.lines[line - 1].length > 100 && !/eslint-|https?:/.test(comment.value))
                report({ loc: { line, column: 100 }, messageId: 'wide' });
        },
      }),
    },
    prose: {
      meta: { type: 'suggestion', schema: [], messages: { old: 'Old word {{finding}}.' } },
      create(context) {
        const check = (node, text) => {
          for (const finding of oldWordsIn(text))
            context.report({ loc: node.loc, messageId: 'old', data: { finding } });
        };
        return {
          Program() {
            for (const comment of context.sourceCode.getAllComments())
              check(comment, comment.value.replace(/`[^`]*`/g, '').replace(/\s*\n[\s*]*/g, ' '));
          },
          Literal(node) {
            if (typeof node.value === 'string' && isProse(node.value)) check(node, node.value);
          },
          TemplateElement(node) {
            if (isProse(node.value.raw)) check(node, node.value.raw);
          },
          JSXText(node) {
            check(node, node.value);
          },
        };
      },
    },
  },
};

/** Whether this identifier is where a name is made, not where it is used. */
function declares({ parent, name }) {
  if (parent.type === 'Property' && parent.shorthand) return false;
  const places = [parent.id, parent.key, parent.left, ...(parent.params ?? []), ...(parent.elements ?? [])];
  return places.some((place) => place?.name === name) && !parent.type.endsWith('BinaryExpression');
}

/** A sentence or part of one: at least three words, and no SQL. */
function isProse(text) {
  return (
    text.trim().split(/\s+/).length >= 3 && !/\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN)\b/.test(text)
  );
}
