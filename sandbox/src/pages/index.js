// The dashboard: what there is, and buttons for what payers and banks do.
'use strict';

const tabs = ['orders', 'subscriptions', 'links', 'settlements', 'requests', 'webhooks'];
const good = ['PAID', 'SUCCESS', 'ACTIVE', 'COMPLETED', 'MERCHANT_WON'];
const bad = ['FAILED', 'EXPIRED', 'TERMINATED', 'CANCELLED', 'USER_DROPPED', 'VOID', 'REVERSED', 'ON_HOLD', 'LOST'];
let tab = tabs.includes(location.hash.slice(1)) ? location.hash.slice(1) : 'orders';
let about = {};
let shown = '';
const open = new Set();

// An element. Texts are only ever set as text.
function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return made;
}

const id = text => el('span', { class: 'id' }, text);
const amount = (sum, currency) => el('span', { class: 'amount' }, `${(currency || 'INR') === 'INR' ? '₹' : currency + ' '}${Number(sum).toFixed(2)}`);
const button = (label, act) => el('button', { onclick: event => { event.target.disabled = true; act(); } }, label);

function status(text) {
  const kind = good.some(word => text.endsWith(word)) ? 'good' : bad.some(word => text.includes(word)) ? 'bad' : '';
  return el('span', { class: `status ${kind}` }, text);
}

async function ask(path, options) {
  const answer = await fetch(path, { headers: { accept: 'application/json', 'content-type': 'application/json' }, ...options });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message || `${answer.status}`);
  return body;
}

async function act(path, options) {
  const problem = document.getElementById('problem');
  problem.hidden = true;
  try {
    await ask(path, { method: 'POST', ...options });
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
  shown = '';
  await refresh();
}

// Refunds are the merchant's: they go through the API as everybody's do.
function refund(order, payment) {
  const sum = prompt(`Refund how much of ${payment.left}?`, payment.left);
  if (!sum) { shown = ''; return refresh(); }
  return act(`/pg/orders/${encodeURIComponent(order.order_id)}/refunds`, {
    headers: {
      'content-type': 'application/json', 'x-api-version': about.versions.at(-1),
      'x-client-id': about.client_id, 'x-client-secret': about.client_secret,
    },
    body: JSON.stringify({ refund_id: `refund_${Date.now()}`, refund_amount: Number(sum) }),
  });
}

function paymentRow(order, one) {
  const path = `/_sandbox/pay/${one.cf_payment_id}`;
  return el('div', { class: 'row' },
    status(one.payment_status), id(one.cf_payment_id), el('span', { class: 'soft' }, one.payment_group),
    amount(one.payment_amount, order.order_currency), one.error_code ? el('span', { class: 'soft' }, one.error_code) : '',
    ...(one.is_open ? ['SUCCESS', 'FAILED', 'USER_DROPPED'].map(outcome =>
      button({ SUCCESS: 'Pay', FAILED: 'Fail', USER_DROPPED: 'Give up' }[outcome], () => act(`${path}?status=${outcome}`))) : []),
    ...(Number(one.left) > 0 ? [
      button('Refund', () => refund(order, one)),
      button('Dispute', () => act('/_sandbox/disputes', { body: JSON.stringify({ cf_payment_id: one.cf_payment_id }) })),
    ] : []));
}

function orderCard(order) {
  const rows = [
    ...order.payments.map(one => paymentRow(order, one)),
    ...order.refunds.map(one => el('div', { class: 'row' }, status(one.refund_status), id(one.refund_id),
      el('span', { class: 'soft' }, 'refund'), amount(one.refund_amount, order.order_currency),
      ...(one.is_open ? ['SUCCESS', 'FAILED'].map(outcome => button(outcome === 'SUCCESS' ? 'Process' : 'Fail',
        () => act(`/_sandbox/refunds/${one.cf_refund_id}?status=${outcome}`))) : []))),
    ...order.disputes.map(one => el('div', { class: 'row' }, status(one.dispute_status), id(String(one.dispute_id)),
      el('span', { class: 'soft' }, 'dispute'), amount(one.dispute_amount, order.order_currency),
      ...(one.is_open ? ['MERCHANT_WON', 'MERCHANT_LOST'].map(outcome => button(outcome === 'MERCHANT_WON' ? 'Won' : 'Lost',
        () => act(`/_sandbox/disputes/${one.dispute_id}?status=${outcome}`))) : []))),
  ];
  return el('article', { class: 'card' },
    el('div', { class: 'row' }, status(order.order_status), id(order.order_id), amount(order.order_amount, order.order_currency),
      el('span', { class: 'soft' }, order.created_at.slice(0, 19).replace('T', ' ')),
      order.is_payable ? el('a', { class: 'end', href: `/_sandbox/checkout/${order.payment_session_id}` }, 'Check out') : ''),
    rows.length ? el('div', { class: 'list' }, ...rows) : '');
}

function subscriptionCard(one) {
  return el('article', { class: 'card' },
    el('div', { class: 'row' }, status(one.subscription_status), id(one.subscription_id),
      el('span', { class: 'soft' }, `${one.plan_name || ''} ${one.plan_type}`),
      one.next_charge ? el('span', { class: 'soft' }, `next ${one.next_charge.slice(0, 10)}`) : '',
      one.subscription_status === 'INITIALIZED'
        ? el('a', { class: 'end', href: `/_sandbox/subscriptions/${one.subscription_session_id}` }, 'Authorise') : '',
      ...(one.subscription_status === 'ACTIVE' ? ['PAUSE', 'CANCEL'].map(action => button(`Customer: ${action.toLowerCase()}`,
        () => act(`/_sandbox/subscriptions/${encodeURIComponent(one.subscription_id)}/customer?action=${action}`))) : [])),
    one.payments.length ? el('div', { class: 'list' }, ...one.payments.map(charge => el('div', { class: 'row' },
      status(charge.payment_status), id(charge.payment_id), el('span', { class: 'soft' }, charge.payment_type),
      amount(charge.payment_amount),
      ...(charge.is_open ? ['SUCCESS', 'FAILED'].map(outcome => button(outcome === 'SUCCESS' ? 'Pay' : 'Fail',
        () => act(`/_sandbox/subscriptions/pay/${charge.cf_payment_id}?status=${outcome}`))) : [])))) : '');
}

function linkCard(one) {
  return el('article', { class: 'card row' }, status(one.link_status), id(one.link_id),
    amount(one.link_amount_paid, one.link_currency), el('span', { class: 'soft' }, 'of'), amount(one.link_amount, one.link_currency),
    el('span', { class: 'soft' }, one.link_purpose || ''),
    one.is_open ? el('a', { class: 'end', href: `/_sandbox/links/${encodeURIComponent(one.link_id)}` }, 'Open') : '');
}

function settlementCard(one) {
  const decide = outcome => () => act(`/_sandbox/settlements/${one.settlement_id}?status=${outcome}`);
  return el('article', { class: 'card row' }, status(one.status), id(String(one.settlement_id)), amount(one.amount),
    el('span', { class: 'soft' }, one.vendor_id ? `to vendor ${one.vendor_id}` : 'to the merchant'),
    one.settled_on ? el('span', { class: 'soft' }, `${one.settled_on.slice(0, 10)}, UTR ${one.utr}`) : '',
    ...(one.status === 'INITIATED' ? [button('Arrive', decide('SUCCESS')), button('Fail', decide('FAILED'))] : []),
    ...(one.status === 'SUCCESS' ? [button('Reverse', decide('REVERSED'))] : []));
}

// A body that can be unfolded, and stays so.
function body(key, title, text) {
  if (!text) return '';
  let pretty = text;
  try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it is */ }
  const made = el('details', {}, el('summary', { class: 'soft' }, title), el('pre', {}, pretty));
  made.open = open.has(key);
  made.addEventListener('toggle', () => made.open ? open.add(key) : open.delete(key));
  return made;
}

function requestCard(one) {
  return el('article', { class: 'card' },
    el('div', { class: 'row' }, el('span', { class: `status ${one.status < 400 ? 'good' : 'bad'}` }, String(one.status ?? 'reset')),
      id(`${one.method} ${one.path}`), el('span', { class: 'soft' }, `${one.operation} ${one.version}`),
      one.code ? el('span', { class: 'soft' }, one.code) : '', one.example ? status('EXAMPLE') : '',
      el('span', { class: 'soft end' }, one.time.slice(11, 19))),
    body(`q${one.request_id}`, 'request', one.request_body), body(`a${one.request_id}`, 'answer', one.response_body));
}

function webhookCard(one) {
  return el('article', { class: 'card' },
    el('div', { class: 'row' }, el('span', { class: `status ${one.delivered ? 'good' : 'bad'}` }, one.status ? String(one.status) : 'not sent'),
      id(one.type), el('span', { class: 'soft' }, `${one.version}, attempt ${one.attempt}`),
      el('span', { class: 'soft' }, one.url || one.error || ''),
      one.id ? button('Send again', () => act(`/_sandbox/webhooks/${one.id}/resend`)) : ''),
    body(`w${one.id}.${one.timestamp}.${one.type}`, 'body', one.body));
}

const cards = { orders: orderCard, subscriptions: subscriptionCard, links: linkCard, settlements: settlementCard, requests: requestCard, webhooks: webhookCard };
const hints = {
  orders: 'No order yet. Create one through the API.', subscriptions: 'No subscription yet.', links: 'No payment link yet.',
  settlements: 'Nothing settled yet: what came in is settled on the next day. Advance the clock.',
  requests: 'No request yet.', webhooks: 'No webhook yet.',
};

async function refresh() {
  try {
    const world = await ask('/_sandbox/world');
    document.getElementById('now').textContent = world.now.slice(0, 19).replace('T', ' ');
    const rows = tab === 'requests' || tab === 'webhooks' ? (await ask(`/_sandbox/${tab}?last=50`)).reverse() : world[tab];
    const text = tab + JSON.stringify(rows);
    if (text === shown) return;
    shown = text;
    const list = document.getElementById('list');
    list.replaceChildren(...(rows.length ? rows.map(cards[tab]) : [el('p', { class: 'soft' }, hints[tab])]));
  } catch {
    document.getElementById('now').textContent = 'the sandbox has stopped';
  }
}

function choose(name) {
  tab = name;
  history.replaceState(null, '', `#${name}`);
  document.getElementById('tabs').replaceChildren(...tabs.map(one =>
    el('button', { role: 'tab', 'aria-selected': String(one === tab), onclick: () => choose(one) }, one[0].toUpperCase() + one.slice(1))));
  refresh();
}

document.querySelectorAll('[data-advance]').forEach(one => one.addEventListener('click', () =>
  act('/_sandbox/clock', { body: JSON.stringify({ advance_seconds: Number(one.dataset.advance) }) })));
ask('/_sandbox/').then(answer => {
  about = answer;
  document.getElementById('base').textContent = about.base_url;
});
choose(tab);
setInterval(() => document.hidden || refresh(), 2000);
