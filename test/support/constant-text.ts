import ts from 'typescript';

/** The values of a function's parameters. */
type Scope = ReadonlyMap<ts.Symbol, string>;

/**
 * The text of an expression that is the same in every run; null for any other. `scope`: what
 * parameters are. Numbers, and one of several literals, may differ: that changes no column.
 */
export function evaluateText(
  checker: ts.TypeChecker,
  node: ts.Expression,
  scope: Scope = new Map(),
): string | null {
  return evaluateConstant(checker, node, scope) ?? sampleOf(checker.getTypeAtLocation(node));
}

function sampleOf(type: ts.Type): string | null {
  if (type.flags & ts.TypeFlags.NumberLike) return '1';
  const literals = (type.isUnion() ? type.types : [type]).map((member) =>
    member.isStringLiteral() ? member.value : null,
  );
  return literals.includes(null) ? null : (literals[0] ?? null);
}

function evaluateConstant(checker: ts.TypeChecker, node: ts.Expression, scope: Scope): string | null {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return evaluateText(checker, node.expression, scope);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(checker, node, scope);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return join([evaluateText(checker, node.left, scope), evaluateText(checker, node.right, scope)]);
  if (ts.isCallExpression(node)) return evaluateCall(checker, node, scope);
  if (ts.isElementAccessExpression(node)) return evaluateChoice(checker, node);
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return null;
  return evaluateName(checker, node, scope);
}

/** One of several texts that a constant object holds: the first. */
function evaluateChoice(checker: ts.TypeChecker, node: ts.ElementAccessExpression): string | null {
  const choices = checker.getTypeAtLocation(node.expression).getProperties();
  const texts = choices.map(({ valueDeclaration: choice }) =>
    choice !== undefined && ts.isPropertyAssignment(choice)
      ? evaluateText(checker, choice.initializer)
      : null,
  );
  return texts.includes(null) ? null : (texts[0] ?? null);
}

function evaluateTemplate(checker: ts.TypeChecker, node: ts.TemplateExpression, scope: Scope): string | null {
  return join([
    node.head.text,
    ...node.templateSpans.flatMap(({ expression, literal }) => [
      evaluateText(checker, expression, scope),
      literal.text,
    ]),
  ]);
}

/** A call of a function that only returns a text. */
function evaluateCall(checker: ts.TypeChecker, node: ts.CallExpression, scope: Scope): string | null {
  const declaration = checker.getResolvedSignature(node)?.declaration;
  if (
    declaration === undefined ||
    !(ts.isFunctionDeclaration(declaration) || ts.isArrowFunction(declaration))
  )
    return null;
  const result = returnedExpression(declaration);
  if (result === null) return null;
  const inside = new Map<ts.Symbol, string>();
  for (const [index, parameter] of declaration.parameters.entries()) {
    const symbol = checker.getSymbolAtLocation(parameter.name);
    const given = node.arguments[index] ?? parameter.initializer;
    const value = given === undefined ? null : evaluateText(checker, given, scope);
    if (symbol !== undefined && value !== null) inside.set(symbol, value);
  }
  return evaluateText(checker, result, inside);
}

function returnedExpression(declaration: ts.FunctionDeclaration | ts.ArrowFunction): ts.Expression | null {
  const { body } = declaration;
  if (body === undefined) return null;
  if (!ts.isBlock(body)) return body;
  const [statement] = body.statements;
  return body.statements.length === 1 && statement !== undefined && ts.isReturnStatement(statement)
    ? (statement.expression ?? null)
    : null;
}

/** A constant or a parameter. */
function evaluateName(checker: ts.TypeChecker, node: ts.Expression, scope: Scope): string | null {
  let symbol = checker.getSymbolAtLocation(node);
  if (symbol === undefined) return null;
  const given = scope.get(symbol);
  if (given !== undefined) return given;
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return null;
  const isConstant =
    (ts.isVariableDeclaration(declaration) &&
      (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0) ||
    ts.isPropertyAssignment(declaration) ||
    (ts.isPropertyDeclaration(declaration) &&
      declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) === true);
  return isConstant && declaration.initializer !== undefined
    ? evaluateText(checker, declaration.initializer)
    : null;
}

function join(parts: readonly (string | null)[]): string | null {
  return parts.includes(null) ? null : parts.join('');
}
