import { describe, expect, it } from 'vitest';
import { renderToString, type Children } from './jsx-runtime.js';

describe('text', () => {
  it.each([
    ['<script>', '&lt;script>'],
    ['a & b', 'a &amp; b'],
    ['"quoted"', '&quot;quoted&quot;'],
    ['plain', 'plain'],
  ])('%s is written as %s between tags and within an attribute', (text, html) => {
    expect(renderToString(<p title={text}>{text}</p>)).toBe(`<p title="${html}">${html}</p>`);
  });

  it('numbers are shown, zero as well', () => {
    expect(renderToString(<p>{0}</p>)).toBe('<p>0</p>');
  });

  it('null, undefined and booleans show nothing', () => {
    expect(
      renderToString(
        <p>
          {null}
          {undefined}
          {true}
          {false}
        </p>,
      ),
    ).toBe('<p></p>');
  });

  it('markup is written as it is only where it is called dangerous', () => {
    expect(renderToString(<p dangerouslySetInnerHTML={{ __html: '<b>&amp;</b>' }} />)).toBe(
      '<p><b>&amp;</b></p>',
    );
  });
});

describe('attributes', () => {
  it('true stands without a value; false, null and undefined leave the attribute out', () => {
    const disabled: boolean | undefined = undefined;
    expect(renderToString(<input required autofocus={false} disabled={disabled} />)).toBe('<input required>');
  });

  it('true and false are written as words where HTML wants words', () => {
    expect(renderToString(<p spellcheck={false} aria-hidden={true} />)).toBe(
      '<p spellcheck="false" aria-hidden="true"></p>',
    );
  });

  it('an object or a function is refused, so that none is shown as its name', () => {
    const value = { toString: () => 'x' } as unknown as string;
    expect(() => renderToString(<p title={value} />)).toThrow('title');
    expect(renderToString(<p>after it</p>)).toBe('<p>after it</p>');
  });

  it('a key is written nowhere', () => {
    expect(renderToString(<li key="one">1</li>)).toBe('<li>1</li>');
  });
});

describe('elements', () => {
  it('a void element has no end tag, an empty one has', () => {
    expect(renderToString([<br />, <div />])).toBe('<br><div></div>');
  });

  it('an option has no end tag, since the next one or the end of the list ends it', () => {
    const select = (
      <select>
        <option value="a">A</option>
        <option>B</option>
      </select>
    );
    expect(renderToString(select)).toBe('<select><option value="a">A<option>B</select>');
  });

  it('components, lists and fragments show their children in order', () => {
    const Item = ({ children }: { children: Children }) => <li>{children}</li>;
    const List = ({ words }: { words: string[] }) => (
      <>
        <b>List</b>
        {words.map((word) => (
          <Item key={word}>{word}</Item>
        ))}
      </>
    );
    expect(renderToString(<List words={['a', 'b']} />)).toBe('<b>List</b><li>a</li><li>b</li>');
  });

  it('an object that only looks like an element is refused', () => {
    const given = JSON.parse(
      '{"type":"b","props":{"dangerouslySetInnerHTML":{"__html":"<script>"}}}',
    ) as Children;
    expect(() => renderToString(<p>{given}</p>)).toThrow('not iterable');
  });

  it('a component may render another document', () => {
    const Quote = () => <q title={renderToString(<i>inner</i>)}>outer</q>;
    expect(renderToString(<Quote />)).toBe('<q title="&lt;i>inner&lt;/i>">outer</q>');
  });
});
