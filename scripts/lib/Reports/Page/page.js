'use strict';
{
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const isPrinted = () => document.documentElement.classList.contains('printed');

  // figures: drawn in the page's own colours and width, anew where these change
  const palette = () => {
    const probe = name => {
      const element = make('span');
      element.style.color = `var(${name})`;
      document.body.append(element);
      const colour = getComputedStyle(element).color;
      element.remove();
      return colour;
    };
    return { ink: probe('--ink'), rule: probe('--rule') };
  };
  // the image behind a point, where the page has it
  const magnifier = make('img', { className: 'magnifier', alt: '', hidden: true });
  const magnify = place => {
    const name = place.parentElement.dataset.pictures;
    if (!name || 'magnified' in place.dataset)
      return;
    place.dataset.magnified = '';
    const pictures = JSON.parse(document.getElementById(name).textContent);
    place.on('plotly_hover', ({ event, points: [point] }) => {
      magnifier.src = `data:image/png;base64,${pictures[parseInt(point.text.slice('image '.length))]}`;
      magnifier.style.left = `${Math.min(event.clientX + 16, innerWidth - 144)}px`;
      magnifier.style.top = `${Math.min(event.clientY + 16, innerHeight - 144)}px`;
      magnifier.hidden = false;
      document.body.append(magnifier);
    });
    place.on('plotly_unhover', () => { magnifier.hidden = true; });
  };

  const drawn = [];
  const draw = ({ id, data, layout }, { ink, rule }) => {
    const place = document.getElementById(id);
    const box = place.parentElement;
    const axis = own => ({ ...own, gridcolor: rule, zerolinecolor: rule, linecolor: rule, fixedrange: true, automargin: true });
    // beside a narrow figure the names would take half of it; below a narrower one each has a row to itself, for which the figure grows
    const isBelow = box.clientWidth < 600 && !layout.legend;
    const legend = isBelow ? { orientation: 'h', x: 0, y: -.24, font: { size: 11 } } : layout.legend;
    const names = isBelow && box.clientWidth < 440 ? data.filter(trace => trace.showlegend !== false).length : 0;
    box.dataset.height ??= box.clientHeight;
    box.style.height = `${+box.dataset.height + 18 * names}px`;
    const traces = JSON.parse(JSON.stringify(data).replaceAll('"#000000"', `"${ink}"`));
    Plotly.react(place, traces, {
      ...layout, legend, width: box.clientWidth, height: box.clientHeight, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      font: { color: ink, family: 'system-ui, sans-serif' }, xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis),
    }, { displayModeBar: false });
    magnify(place);
  };
  const drawAll = () => {
    const colours = palette();
    drawn.filter(figure => document.getElementById(figure.id).checkVisibility()).forEach(figure => draw(figure, colours));
  };
  const unpack = async packed => {
    const bytes = Uint8Array.from(atob(packed.textContent), letter => letter.charCodeAt(0));
    packed.remove();
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
    document.head.append(make('script', { textContent: text }));
    for (const figure of figures)
      figure({ newPlot: (id, data, layout) => drawn.push({ id, data, layout }) });
    drawAll();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
    let width = innerWidth;
    addEventListener('resize', () => {
      if (innerWidth !== width) {
        width = innerWidth;
        drawAll();
      }
    });
    document.documentElement.dataset.figures = 'drawn';
  };

  // tables
  const cells = row => [...row.children];
  const numberOf = cell => {
    const found = cell.textContent.replace(/[\u2212]/g, '-').replace(/(\d),(?=\d{3})/g, '$1').match(/[-+]?\d*\.?\d+/);
    return found ? parseFloat(found[0]) : NaN;
  };
  const quoted = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const textOf = (table, join, quote) => [...table.rows].map(row => cells(row).map(cell => quote(cell.textContent.trim())).join(join)).join('\n');

  const sort = (table, place, head) => {
    const body = table.tBodies[0];
    const falling = head.ariaSort !== 'descending';
    each('th[aria-sort]', other => other.removeAttribute('aria-sort'), table);
    head.ariaSort = falling ? 'descending' : 'ascending';
    const sign = falling ? -1 : 1;
    const isOfWords = head.classList.contains('text');
    const rows = [...body.rows].map(row => [row, isOfWords ? NaN : numberOf(row.children[place]), row.children[place].textContent]);
    rows.sort(([, a, text], [, b, other]) =>
      isNaN(a) || isNaN(b) ? isNaN(a) - isNaN(b) || sign * text.localeCompare(other) : sign * (a - b));
    body.append(...rows.map(([row]) => row));
  };

  const showColumn = (table, place, isShown) => [...table.rows].forEach(row => { row.children[place].hidden = !isShown; });

  // what is compared comes first: from the right, columns make room until the table fits
  const isTooWide = table => table.offsetWidth > table.parentElement.clientWidth;
  const fit = (table, boxes) => {
    boxes.forEach((box, index) => { box.checked = true; showColumn(table, index + 1, true); });
    for (let place = boxes.length; place > 1 && isTooWide(table); place--) {
      showColumn(table, place, false);
      boxes[place - 1].checked = false;
    }
  };

  // paper takes no column away: its letters get smaller, then a figure's deviation goes below it
  const fitPaper = table => {
    for (let size = 8; size > 6 && isTooWide(table); size -= .5)
      table.style.fontSize = `${size}pt`;
    table.classList.toggle('tight', isTooWide(table));
  };

  each('figure.grid', grid => {
    const table = grid.querySelector('table');
    const heads = cells(table.tHead.rows[0]);
    heads.slice(1).forEach((head, index) => head.firstElementChild.addEventListener('click', () => sort(table, index + 1, head)));
    const boxes = heads.slice(1).map((head, index) => {
      const box = make('input', { type: 'checkbox', checked: true });
      box.addEventListener('change', () => { grid.dataset.chosen = ''; showColumn(table, index + 1, box.checked); say(); });
      return box;
    });
    const summary = make('summary');
    const say = () => {
      const hidden = boxes.filter(box => !box.checked).length;
      summary.textContent = hidden ? `Columns (${hidden} more)` : 'Columns';
    };
    const said = make('span', { role: 'status' });
    const copy = make('button', { type: 'button', textContent: 'Copy' });
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(textOf(table, '\t', text => text));
        said.textContent = 'copied';
      } catch {
        getSelection().selectAllChildren(table);
        said.textContent = 'selected: copy it with the keyboard';
      }
    });
    const save = make('button', { type: 'button', textContent: 'CSV' });
    save.addEventListener('click', () => {
      const link = make('a', { download: `${grid.dataset.name}.csv`, href: URL.createObjectURL(new Blob([textOf(table, ',', quoted)], { type: 'text/csv' })) });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    const chooser = make('details', {}, summary, ...boxes.map((box, index) => make('label', {}, box, ` ${heads[index + 1].textContent}`)));
    grid.querySelector('.wide').after(make('div', { className: 'tools' }, ...(boxes.length > 1 ? [chooser] : []), copy, save, said));
    const refit = () => {
      table.style.fontSize = '';
      if (isPrinted() || 'chosen' in grid.dataset)
        boxes.forEach((box, index) => showColumn(table, index + 1, isPrinted() || box.checked));
      else if (table.checkVisibility())
        fit(table, boxes);
      if (isPrinted())
        fitPaper(table);
      say();
    };
    refit();
    addEventListener('resize', refit);
    grid.addEventListener('refit', refit);
  });

  // what was not seen has no width yet
  const opened = root => {
    each('figure.grid', grid => grid.dispatchEvent(new Event('refit')), root);
    if (drawn.length)
      drawAll();
  };

  each('fieldset.switched', (set, place) => {
    const views = set.querySelectorAll(':scope > .view');
    const show = chosen => views.forEach((view, index) => { view.hidden = String(index) !== chosen; });
    each(':scope > label input', input => {
      // others may have the same caption
      input.name = `switch-${place}`;
      input.addEventListener('change', () => { show(input.value); opened(set); });
    }, set);
    show('0');
    addEventListener('beforeprint', () => views.forEach(view => { view.hidden = false; }));
    addEventListener('afterprint', () => show(set.querySelector('input:checked').value));
  });
  each('details', details => details.addEventListener('toggle', () => details.open && opened(details)));

  // everything is printed, in the colours and the width of paper
  const folded = [];
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printed');
    each('details:not([open])', details => { folded.push(details); details.open = true; });
    opened(document);
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printed');
    folded.splice(0).forEach(details => { details.open = false; });
    opened(document);
  });

  // the contents follow the reader
  const links = new Map([...document.querySelectorAll('.contents a')].map(link => [link.hash.slice(1), link]));
  if (links.size) {
    const heads = [...document.querySelectorAll('main h2')];
    const follow = () => {
      // the last ones never come up to the first third
      const isEnd = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
      const current = heads.findLast(head => head.getBoundingClientRect().top < (isEnd ? innerHeight : innerHeight / 3));
      links.forEach(link => link.removeAttribute('aria-current'));
      links.get(current?.id)?.setAttribute('aria-current', 'true');
    };
    addEventListener('scroll', follow, { passive: true });
    follow();
    if (innerWidth < 1200)
      document.querySelector('.contents details').open = false;
  }

  const packed = document.getElementById('plotly');
  if (packed)
    setTimeout(() => unpack(packed));
}
