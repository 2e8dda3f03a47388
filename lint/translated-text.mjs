/**
 * An ESLint rule that refuses words for people in pages and their scripts: they belong into
 * locales/, so that every language has them.
 */
export const translatedText = {
  rules: {
    'no-words': {
      meta: {
        type: 'problem',
        schema: [{ type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } } }],
        messages: { words: 'Move “{{words}}” to locales/*.json, and say it with t(…).' },
      },
      create({ options: [{ names = [] } = {}], report }) {
        const check = (node, text, isWords) => {
          const words = text.trim().replace(/\s+/g, ' ');
          if (isWords(words) && !names.includes(words)) report({ node, messageId: 'words', data: { words } });
        };
        const checkString = (node, text) => {
          const attribute = attributeOf(node);
          if (attribute !== null && !shownAttributes.has(attribute)) return;
          if (!isForPrograms(node)) check(node, text, attribute === null ? looksLikeWords : hasLetters);
        };
        return {
          JSXText(node) {
            if (!codeElements.has(node.parent.openingElement?.name.name)) check(node, node.value, hasLetters);
          },
          Literal(node) {
            if (typeof node.value === 'string') checkString(node, node.value);
          },
          TemplateElement(node) {
            checkString(node, node.value.raw);
          },
        };
      },
    },
  },
};

const codeElements = new Set(['code', 'pre', 'style']);

/** What a person reads, or has read to them. */
const shownAttributes = new Set([
  ...['title', 'alt', 'label', 'placeholder', 'aria-label', 'caption', 'hint'],
]);

/** A path is no word. */
const hasLetters = (text) => /\p{L}{2}/u.test(text) && !/^\/[\w/]*$/.test(text);

/** A capital first, or several words: unlike keys, paths, styles and values of attributes. */
const looksLikeWords = (text) =>
  /^\p{Lu}\p{Ll}/u.test(text) || /^[^<;{}\d]*\p{Ll}{2},? \p{L}[^;{}]*$/u.test(text);

/** The name of the attribute that a string stands in, or null. */
function attributeOf(node) {
  for (let own = node.parent; own; own = own.parent) {
    if (own.type === 'JSXAttribute') return own.name.name.name ?? own.name.name;
    if (/^(JSXElement|CallExpression|ArrowFunctionExpression|.*Statement)$/.test(own.type)) return null;
  }
  return null;
}

/** Imports, types, names of properties, and keys of translations. */
function isForPrograms({ parent, ...node }) {
  if (/^(Import|Export|TSLiteral|TSImport)/.test(parent.type)) return true;
  if (/^(MemberExpression|BinaryExpression)$/.test(parent.type)) return true;
  if (parent.type === 'Property' && parent.key.range[0] === node.range[0]) return true;
  const call = parent.type === 'TemplateLiteral' ? parent.parent : parent;
  return (call.type === 'CallExpression' || call.type === 'NewExpression') && isCodeCall(call.callee);
}

/** Calls whose arguments are no words: `t(key)`, selectors and formats, errors for programmers. */
function isCodeCall(callee) {
  const name = callee.name ?? callee.property?.name ?? '';
  return /^(t|querySelector|querySelectorAll|createElement|NumberFormat|DateTimeFormat|Error)$/.test(name);
}
