import { relative, resolve } from 'node:path';
import ts from 'typescript';
import { evaluateText } from './constant-text.js';

/** What the source expects of the database. */
export interface SourceTypes {
  queryCalls: QueryCall[];
  /** Of each entity, by class and property, as `UserEntity.email`. */
  entityProperties: Map<string, ValueType>;
}

/** A call of a method `query` that answers typed rows, or a `ListLoader` that makes one. */
export interface QueryCall {
  /** File and line. */
  place: string;
  /** The statement, or null where it is put together at run time. */
  sql: string | null;
  columns: Map<string, ValueType>;
}

/** `kinds`: `string`, `number`, `boolean`, `Date`, `Buffer`, `array`, `object` or `unknown`. */
export interface ValueType {
  kinds: string[];
  isNullable: boolean;
  /** The property may be missing. */
  isOptional: boolean;
}

const root = resolve(import.meta.dirname, '../..');

/** Reads `src` with the TypeScript compiler. Takes about ten seconds. */
export function readSourceTypes(): SourceTypes {
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const types: SourceTypes = { queryCalls: [], entityProperties: new Map() };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) types.queryCalls.push(...readQueryCall(checker, node));
    if (ts.isNewExpression(node)) types.queryCalls.push(...readListLoader(checker, node));
    if (ts.isClassDeclaration(node) && node.name?.text.endsWith('Entity') === true)
      for (const [name, type] of readProperties(checker, checker.getTypeAtLocation(node), node))
        types.entityProperties.set(`${node.name.text}.${name}`, type);
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles())
    if (file.fileName.startsWith(resolve(root, 'src'))) visit(file);
  return types;
}

function readQueryCall(checker: ts.TypeChecker, node: ts.CallExpression): QueryCall[] {
  const {
    expression,
    arguments: [text],
  } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'query' || text === undefined)
    return [];
  const row = rowType(checker, checker.getTypeAtLocation(node));
  if (row === null) return [];
  return [{ ...readStatement(checker, expression.name, text), columns: readProperties(checker, row, node) }];
}

function readListLoader(checker: ts.TypeChecker, node: ts.NewExpression): QueryCall[] {
  const text = node.arguments?.[1];
  const row = node.typeArguments?.[0];
  if (node.expression.getText() !== 'ListLoader' || text === undefined || row === undefined) return [];
  const columns = readProperties(checker, checker.getTypeFromTypeNode(row), node);
  return [{ ...readStatement(checker, node.expression, text), columns }];
}

function readStatement(
  checker: ts.TypeChecker,
  name: ts.Node,
  text: ts.Expression,
): Pick<QueryCall, 'place' | 'sql'> {
  const file = name.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(name.getStart());
  return { place: `${relative(root, file.fileName)}:${line + 1}`, sql: evaluateText(checker, text) };
}

/** The row of `Promise<Row[]>` or, for a bare UPDATE or DELETE, of `Promise<[Row[], number]>`. */
function rowType(checker: ts.TypeChecker, promise: ts.Type): ts.Type | null {
  let answer = checker.getAwaitedType(promise);
  if (answer !== undefined && checker.isTupleType(answer))
    answer = checker.getTypeArguments(answer as ts.TypeReference)[0];
  if (answer === undefined || !checker.isArrayType(answer)) return null;
  const [row] = checker.getTypeArguments(answer as ts.TypeReference);
  return row === undefined || checker.getPropertiesOfType(row).length === 0 ? null : row;
}

function readProperties(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): Map<string, ValueType> {
  return new Map(
    checker.getPropertiesOfType(type).map((property) => {
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return [
        property.name,
        { ...valueType(checker, checker.getTypeOfSymbolAtLocation(property, at)), isOptional },
      ];
    }),
  );
}

function valueType(checker: ts.TypeChecker, type: ts.Type): Omit<ValueType, 'isOptional'> {
  const members = type.isUnion() ? type.types : [type];
  const isNull = ({ flags }: ts.Type) => (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0;
  const kinds = members.filter((member) => !isNull(member)).map((member) => kindOf(checker, member));
  return { kinds: [...new Set(kinds)], isNullable: members.some(isNull) };
}

const scalars: [string, ts.TypeFlags][] = [
  ['string', ts.TypeFlags.StringLike],
  ['number', ts.TypeFlags.NumberLike],
  ['boolean', ts.TypeFlags.BooleanLike],
  ['unknown', ts.TypeFlags.Unknown | ts.TypeFlags.Any],
];

function kindOf(checker: ts.TypeChecker, type: ts.Type): string {
  const parts = type.isIntersection() ? type.types : [type]; // a brand is an intersection
  const scalar = scalars.find(([, flag]) => parts.some(({ flags }) => flags & flag));
  if (scalar !== undefined) return scalar[0];
  if (checker.isArrayType(type) || checker.isTupleType(type)) return 'array';
  const name = (type.getSymbol() as ts.Symbol | undefined)?.name ?? '';
  return name === 'Date' || name === 'Buffer' ? name : 'object';
}
