// The table of runs: filtered, sorted, and what two of them differ in.
'use strict';
{
  const place = document.getElementById('run-list');
  const source = document.getElementById('run-data');
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const draw = ({ columns, rows, spec }) => {
    const atOnce = 200;
    let sorted = { column: columns.length - 1, falling: true }, shown = atOnce, picked = [];
    const texts = rows.map(row => row.join(' ').toLowerCase());
    const filter = make('input', { type: 'search' });
    const said = make('span', { role: 'status' });
    const more = make('button', { type: 'button', className: 'more' });
    const differences = make('div', { className: 'picked', hidden: true });
    const body = make('tbody');

    const heads = columns.map((name, column) => {
      const button = make('button', { type: 'button', className: 'sort', textContent: name });
      button.addEventListener('click', () => {
        sorted = { column, falling: sorted.column === column ? !sorted.falling : true };
        list();
      });
      return make('th', { scope: 'col' }, button);
    });

    const order = (a, b) => {
      const [x, y] = [rows[a][sorted.column], rows[b][sorted.column]];
      // what is missing comes last, whichever way
      if (x === null || y === null)
        return (x === null) - (y === null) || a - b;
      const [n, m] = [Number(x), Number(y)];
      const sign = sorted.falling ? -1 : 1;
      return sign * (isNaN(n) || isNaN(m) ? String(x).localeCompare(String(y)) : n - m) || a - b;
    };

    const cell = (value, column) => {
      const isNumber = typeof value === 'number';
      const text = value === null ? '' : isNumber && ['ROC AUC', 'ACC'].includes(columns[column]) ? value.toFixed(4) : String(value);
      return make('td', { textContent: text, className: isNumber ? 'number' : '' });
    };

    const line = run => {
      const [name] = rows[run];
      const box = make('input', { type: 'checkbox', checked: picked.includes(run), ariaLabel: `compare ${name}` });
      box.addEventListener('change', () => pick(run, box.checked));
      const link = make('a', { href: `../runs/${encodeURIComponent(name)}/`, textContent: name });
      return make('tr', {}, make('th', { scope: 'row' }, box, ' ', link), ...rows[run].slice(1).map((value, i) => cell(value, i + 1)));
    };

    const list = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.map((_, run) => run).filter(run => words.every(word => texts[run].includes(word))).sort(order);
      body.replaceChildren(...found.slice(0, shown).map(line));
      heads.forEach((head, column) => { head.ariaSort = column === sorted.column ? (sorted.falling ? 'descending' : 'ascending') : null; });
      said.textContent = `${found.length} of ${rows.length} runs`;
      more.hidden = found.length <= shown;
      more.textContent = `Show more (${found.length - shown})`;
    };

    const valueOf = ({ values, of }, run) => values[of[run]] || 'none';
    const compare = () => {
      differences.hidden = picked.length < 2;
      if (picked.length < 2)
        return;
      const [a, b] = picked;
      const other = spec.filter(({ of }) => of[a] !== of[b]);
      const row = (tag, ...values) => make('tr', {}, ...values.map(value => make(tag, { textContent: value })));
      differences.replaceChildren(
        make('p', { textContent: other.length ? `What ${rows[a][0]} and ${rows[b][0]} differ in:` : `${rows[a][0]} and ${rows[b][0]} have the same spec but for whereabouts.` }),
        ...(other.length ? [make('table', {}, make('thead', {}, row('th', 'spec', ...[a, b].map(run => `${rows[run][1]} (${rows[run][0]})`))),
          make('tbody', {}, ...other.map(key => row('td', key.key, valueOf(key, a), valueOf(key, b)))))] : []));
    };

    // of three the first goes
    const pick = (run, isPicked) => {
      picked = picked.filter(other => other !== run).concat(isPicked ? [run] : []).slice(-2);
      history.replaceState(null, '', picked.length ? `#runs=${picked.map(other => rows[other][0]).join(',')}` : location.pathname);
      list();
      compare();
    };

    filter.addEventListener('input', () => { shown = atOnce; list(); });
    more.addEventListener('click', () => { shown += 5 * atOnce; list(); });
    place.replaceChildren(
      make('div', { className: 'filter' }, make('label', {}, 'Filter ', filter), said), differences,
      make('div', { className: 'wide' }, make('table', {}, make('thead', {}, make('tr', {}, ...heads)), body)), more);

    // an address that names two runs opens with them
    const asked = location.hash.startsWith('#runs=') ? location.hash.slice(6).split(',') : [];
    picked = asked.map(name => rows.findIndex(row => row[0] === name)).filter(run => run >= 0).slice(-2);
    list();
    compare();
  };

  if (source)
    draw(JSON.parse(source.textContent));
}
