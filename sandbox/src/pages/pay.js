// What a payer sees: checkout by a session, the page of one payment, a payment link, a subscription's mandate.
'use strict';

const page = document.getElementById('page');
const path = location.pathname.replace('/_sandbox/', '').split('/').map(decodeURIComponent);
const vpas = ['testsuccess', 'testfailure', 'testinvalid', 'testdeclineuser', 'testexpired', 'testtimeoutbank',
  'testinsufficientfunds', 'testbankdeclined', 'testriskflagged', 'testnetworkerror', 'testinvalidpin', 'testuserdropped',
  'testtpvsuccess', 'testtpvfail'].map(name => `${name}@gocash`);
let about;

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return made;
}

const money = (sum, currency) => `${(currency || 'INR') === 'INR' ? '₹' : currency + ' '}${Number(sum).toFixed(2)}`;
const field = (label, attributes) => el('label', {}, label, el('input', attributes));
const show = (...children) => page.replaceChildren(...children);
const head = (title, sum, id) => el('div', {}, el('span', { class: 'soft' }, title),
  el('p', { class: 'total' }, sum), el('span', { class: 'id soft' }, id));

async function ask(url, options) {
  const answer = await fetch(url, { ...options, headers: { accept: 'application/json', 'content-type': 'application/json', ...(options || {}).headers } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message || `${answer.status}`);
  return body;
}

const api = (url, body, secret) => ask(`/pg${url}`, {
  method: 'POST', body: JSON.stringify(body),
  headers: { 'x-api-version': about.versions.at(-1), ...(secret ? { 'x-client-id': about.client_id, 'x-client-secret': about.client_secret } : {}) },
});
const post = (url, body) => ask(`/_sandbox/${url}`, { method: 'POST', body: JSON.stringify(body || {}) });

// The way back to the merchant, with the order's id filled in.
function back(url, ids) {
  if (window.parent !== window) window.parent.postMessage({ cashfree: 'done', ...ids }, '*');
  if (!url || !/^https?:/.test(url)) return null;
  return Object.entries(ids).reduce((whole, [name, id]) => whole.replaceAll(`{${name}}`, encodeURIComponent(id)), url);
}

function end(good, title, detail, url, again) {
  show(el('p', { class: `note ${good ? 'good' : 'bad'}` }, title, detail ? ` (${detail})` : ''),
    url ? el('a', { href: url }, el('button', { class: 'main wide' }, 'Back to the shop')) : '',
    again ? el('button', { class: 'wide', onclick: again }, 'Try another way') : '');
  if (good && url) setTimeout(() => location.assign(url), 1200);
}

// Runs what a button does; what goes wrong is said on the page.
function guarded(act) {
  return async event => {
    event.preventDefault();
    const pressed = event.submitter || event.target;
    pressed.disabled = true;
    page.querySelectorAll('.note').forEach(one => one.remove());
    try { await act(event); } catch (error) { page.append(el('p', { class: 'note bad' }, error.message)); }
    pressed.disabled = false;
  };
}

function decided(order, payment) {
  const url = back(order.return_url, { order_id: order.order_id });
  const retry = order.is_payable && (() => location.assign(`/_sandbox/checkout/${order.payment_session_id}`));
  end(payment.payment_status === 'SUCCESS', payment.payment_status.replace('_', ' '), payment.error_code, url, retry);
}

// The bank's page, or the payer's app.
async function bank(id) {
  const { payment, order, qrcode } = await ask(`/_sandbox/pay/${id}`);
  if (!payment.is_open) return decided(order, payment);
  const decide = outcome => guarded(async () => {
    await post(`pay/${id}?status=${outcome}`);
    const after = await ask(`/_sandbox/pay/${id}`);
    decided(after.order, after.payment);
  });
  show(head(`${payment.payment_group.replace('_', ' ')} · ${payment.payment_status}`, money(payment.payment_amount, order.order_currency), order.order_id),
    payment.payment_group === 'upi' ? el('img', { class: 'qr', src: qrcode, alt: 'UPI QR code of this payment' }) : '',
    el('button', { class: 'main wide', onclick: decide('SUCCESS') }, 'Pay'),
    el('button', { class: 'wide', onclick: decide('FAILED') }, 'Fail'),
    el('button', { class: 'wide', onclick: decide('USER_DROPPED') }, 'Give up'));
}

function otp(id) {
  show(el('form', { onsubmit: guarded(async event => {
    const done = await api(`/orders/pay/authenticate/${id}`, { otp: event.target.otp.value, action: 'SUBMIT_OTP' });
    const { payment, order } = await ask(`/_sandbox/pay/${id}`);
    if (!payment.is_open) return decided(order, payment);
    throw new Error(done.payment_message);
  }) }, el('p', {}, 'The bank sent a one-time password.'),
  field('One-time password (111000)', { name: 'otp', value: '111000', inputmode: 'numeric', autocomplete: 'one-time-code' }),
  el('button', { class: 'main wide' }, 'Submit'),
  el('button', { class: 'wide', type: 'button', onclick: () => bank(id) }, 'Decide it otherwise')));
}

const methods = {
  UPI: () => [el('label', {}, 'UPI id: each test id has its own outcome', el('input', { name: 'upi_id', list: 'vpas', value: vpas[0], required: '' })),
    el('datalist', { id: 'vpas' }, ...vpas.map(value => el('option', { value })))],
  Card: () => [field('Card number', { name: 'card_number', value: '4111111111111111', inputmode: 'numeric', required: '' }),
    el('div', { class: 'pair' }, field('Month', { name: 'card_expiry_mm', value: '03', required: '' }),
      field('Year', { name: 'card_expiry_yy', value: '28', required: '' }), field('CVV', { name: 'card_cvv', value: '123', required: '' }))],
  'Net banking': () => [field('Bank code (3333 is the test bank)', { name: 'netbanking_bank_code', value: '3333', required: '' })],
  Wallet: () => [el('label', {}, 'Wallet', el('select', { name: 'provider' },
    ...['phonepe', 'paytm', 'amazon', 'mobikwik', 'freecharge', 'ola', 'airtel'].map(one => el('option', {}, one)))),
  field('Phone', { name: 'phone', value: '9999999999', required: '' })],
  'Pay later': () => [el('label', {}, 'Lender', el('select', { name: 'provider' },
    ...['simpl', 'lazypay', 'kotak', 'flexipay'].map(one => el('option', {}, one)))),
  field('Phone', { name: 'phone', value: '8714268343', required: '' })],
  'UPI app': () => [],
};

function asked(name, values) {
  switch (name) {
    case 'UPI': return { upi: { channel: 'collect', ...values } };
    case 'Card': return { card: { channel: 'post', card_holder_name: 'Test', ...values } };
    case 'Net banking': return { netbanking: { channel: 'link', netbanking_bank_code: Number(values.netbanking_bank_code) } };
    case 'Wallet': return { app: { channel: 'link', ...values } };
    case 'Pay later': return { paylater: { channel: 'link', ...values } };
    default: return { upi: { channel: 'link' } };
  }
}

// A form over some methods; `pay` is called with the one that was chosen.
function choose(names, label, pay) {
  const fields = el('div', {});
  const buttons = names.map(name => el('button', { type: 'button', onclick: () => pick(name) }, name));
  let chosen;
  function pick(name) {
    chosen = name;
    buttons.forEach(one => one.setAttribute('aria-pressed', String(one.textContent === name)));
    fields.replaceChildren(...methods[name]());
  }
  pick(names[0]);
  return el('form', { onsubmit: guarded(event => pay(chosen, Object.fromEntries(new FormData(event.target)))) },
    el('div', { class: 'methods' }, ...buttons), fields, el('button', { class: 'main wide' }, label));
}

async function checkout(session) {
  const order = await ask(`/_sandbox/checkout/${session}`);
  const total = money(order.order_amount, order.order_currency);
  if (!order.is_payable) {
    return end(order.order_status === 'PAID', `This order is ${order.order_status.toLowerCase().replace('_', ' ')}.`, '', back(order.return_url, { order_id: order.order_id }));
  }
  show(head('To pay', total, order.order_id), choose(Object.keys(methods), `Pay ${total}`, async (name, values) => {
    const started = await api('/orders/sessions', { payment_session_id: session, payment_method: asked(name, values) });
    return name === 'Card' ? otp(started.cf_payment_id) : bank(started.cf_payment_id);
  }));
}

async function link(id) {
  const one = await ask(`/_sandbox/links/${encodeURIComponent(id)}`);
  if (!one.is_open) return end(one.link_status === 'PAID', `This link is ${one.link_status.toLowerCase().replace('_', ' ')}.`);
  const partial = one.least !== one.left;
  show(head(one.link_purpose || 'Payment link', money(one.left, one.link_currency), one.link_id),
    el('form', { onsubmit: guarded(async event => {
      const sum = partial ? event.target.amount.value : one.left;
      const order = await post(`links/${encodeURIComponent(id)}`, { amount: String(sum), start_payment: false });
      location.assign(`/_sandbox/checkout/${order.payment_session_id}`);
    }) },
    partial ? field(`Amount, ${money(one.least)} at least`, { name: 'amount', type: 'number', step: '0.01', min: one.least, max: one.left, value: one.left }) : '',
    el('button', { class: 'main wide' }, 'Go on')));
}

async function charge(id) {
  const one = await ask(`/_sandbox/subscriptions/pay/${id}`);
  if (!one.is_open) return end(one.payment_status === 'SUCCESS', one.payment_status);
  const decide = outcome => guarded(async () => {
    await post(`subscriptions/pay/${id}?status=${outcome}`);
    await charge(id);
  });
  show(head(one.payment_type === 'AUTH' ? 'Authorise' : 'Charge', money(one.payment_amount), one.payment_id),
    el('button', { class: 'main wide', onclick: decide('SUCCESS') }, 'Approve'),
    el('button', { class: 'wide', onclick: decide('FAILED') }, 'Refuse'));
}

async function subscription(session) {
  const one = await ask(`/_sandbox/subscriptions/${session}`);
  const url = back(one.return_url, { subscription_id: one.subscription_id });
  if (!['INITIALIZED', 'BANK_APPROVAL_PENDING'].includes(one.subscription_status)) {
    return end(one.subscription_status === 'ACTIVE', `This subscription is ${one.subscription_status.toLowerCase().replaceAll('_', ' ')}.`, '', url);
  }
  show(head(`Authorise ${one.plan_name || one.plan_type}`, money(one.authorization_amount), one.subscription_id),
    choose(['UPI', 'Card'], 'Authorise', async (name, values) => {
      const method = name === 'UPI' ? { channel: 'collect', ...values } : { channel: 'link', card_holder_name: 'Test', ...values };
      const started = await api('/subscriptions/pay', {
        subscription_id: one.subscription_id, payment_id: `auth_${Date.now()}`, payment_type: 'AUTH',
        payment_method: { ...method, [name.toLowerCase()]: method },
      }, true);
      const payment = await ask(`/_sandbox/subscriptions/pay/${started.cf_payment_id}`);
      if (payment.is_open) await post(`subscriptions/pay/${started.cf_payment_id}?status=SUCCESS`);
      await subscription(session);
    }));
}

const pages = { checkout, links: link, pay: bank, subscriptions: session => session === 'pay' ? charge(path[2]) : subscription(session) };

ask('/_sandbox/').then(answer => {
  about = answer;
  return pages[path[0]](path[1]);
}).catch(error => show(el('p', { class: 'note bad' }, error.message)));
