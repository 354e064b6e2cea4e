// What a payer and a developer do in the browser, in headless Chromium, against a sandbox that runs:
//
//   npm install playwright-core
//   node sandbox/tests/browser/pages.mjs http://127.0.0.1:8700 [directory for screenshots]
//
// CHROMIUM is the browser's program; /usr/bin/chromium unless said.
import assert from 'node:assert/strict';
import http from 'node:http';
import { chromium } from 'playwright-core';

const [base, pictures] = process.argv.slice(2);
const about = await (await fetch(`${base}/_sandbox/`)).json();
const run = Date.now().toString(36);
let made = 0;

const api = async (path, body) => {
  const answer = await fetch(`${base}/pg${path}`, {
    method: body ? 'POST' : 'GET',
    body: body && JSON.stringify(body),
    headers: {
      'x-client-id': about.client_id, 'x-client-secret': about.client_secret,
      'x-api-version': '2025-01-01', 'content-type': 'application/json',
    },
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
};
const order = () => api('/orders', {
  order_id: `b_${run}_${++made}`, order_amount: 250.5, order_currency: 'INR',
  customer_details: { customer_id: 'c_1', customer_phone: '9999999999' },
  order_meta: { return_url: `${base}/?order={order_id}` },
});
const status = async ({ order_id }) => (await api(`/orders/${order_id}`)).order_status;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await (await browser.newContext({ viewport: { width: 390, height: 780 } })).newPage();
page.setDefaultTimeout(10000);
page.on('pageerror', error => { throw error; });
const look = name => pictures && page.screenshot({ path: `${pictures}/${name}.png` });
const checkout = async () => {
  const one = await order();
  await page.goto(`${base}/_sandbox/checkout/${one.payment_session_id}`);
  await page.waitForSelector('.methods');
  return one;
};
const pay = () => page.click('button.main');

async function upi() {
  const one = await checkout();
  await look('checkout');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} wide on a phone of 390`);
  await pay();
  await page.waitForURL(`**/?order=${one.order_id}`);
  assert.equal(await status(one), 'PAID');
}

async function card() {
  const one = await checkout();
  await page.click('text=Card');
  await pay();
  await page.fill('input[name=otp]', '000000');
  await page.click('text=Submit');
  await page.waitForSelector('.note.bad');
  await look('otp');
  await page.fill('input[name=otp]', '111000');
  await page.click('text=Submit');
  await page.waitForURL(`**/?order=${one.order_id}`);
  assert.equal(await status(one), 'PAID');

  await checkout();
  await page.click('text=Card');
  await page.fill('input[name=card_number]', '4111111111111112');
  await pay();
  assert.match(await page.textContent('.note.bad'), /card_number/);
}

async function failedThenOtherwise() {
  const one = await checkout();
  await page.fill('input[name=upi_id]', 'testinsufficientfunds@gocash');
  await pay();
  assert.match(await page.textContent('.note.bad'), /INSUFFICIENT_FUNDS/);
  await look('failed');
  await page.click('text=Try another way');
  await page.click('text=Net banking');
  await pay();
  await page.waitForSelector('text=Give up');
  await look('bank');
  await pay();
  await page.waitForURL(`**/?order=${one.order_id}`);
  assert.equal(await status(one), 'PAID');
}

async function otherMethods() {
  for (const [method, button, outcome] of [
    ['Wallet', 'Give up', 'USER_DROPPED'], ['Pay later', 'Fail', 'FAILED'], ['UPI app', 'Pay', 'SUCCESS'],
  ]) {
    const one = await checkout();
    await page.click(`text=${method}`);
    await pay();
    await page.waitForSelector('text=Give up');
    await page.click(`button:has-text("${button}")`);
    await page.waitForSelector('.note');
    assert.equal((await api(`/orders/${one.order_id}/payments`))[0].payment_status, outcome, method);
  }
}

async function link() {
  const made = await api('/links', {
    link_id: `l_${run}`, link_amount: 100, link_currency: 'INR', link_purpose: 'Two tickets',
    link_partial_payments: true, link_minimum_partial_amount: 20, customer_details: { customer_phone: '9999999999' },
  });
  await page.goto(made.link_url);
  await page.fill('input[name=amount]', '40');
  await look('link');
  await pay();
  await page.waitForSelector('.methods');
  await pay();
  await page.waitForSelector('.note.good');
  const after = await api(`/links/l_${run}`);
  assert.deepEqual([after.link_status, Number(after.link_amount_paid)], ['PARTIALLY_PAID', 40]);
}

async function subscription() {
  const made = await api('/subscriptions', {
    subscription_id: `s_${run}`, customer_details: { customer_email: 'a@example.com', customer_phone: '9999999999' },
    plan_details: {
      plan_name: 'Tea', plan_type: 'PERIODIC', plan_amount: 10, plan_max_amount: 10, plan_intervals: 1,
      plan_interval_type: 'MONTH',
    },
    subscription_meta: { return_url: `${base}/?subscription={subscription_id}` },
  });
  await page.goto(`${base}/_sandbox/subscriptions/${made.subscription_session_id}`);
  await page.waitForSelector('.methods');
  await look('subscription');
  await pay();
  await page.waitForURL(`**/?subscription=s_${run}`);
  assert.equal((await api(`/subscriptions/s_${run}`)).subscription_status, 'ACTIVE');
}

async function dashboard() {
  const one = await checkout();
  await pay();
  await page.waitForURL(`**/?order=${one.order_id}`);
  page.on('dialog', dialog => dialog.accept('10.25'));
  await page.waitForSelector(`text=${one.order_id}`);
  await look('dashboard-phone');
  await page.setViewportSize({ width: 1100, height: 800 });
  await look('dashboard');
  await page.click('button:has-text("Refund") >> nth=0');
  await page.waitForSelector('text=refund_');
  assert.equal((await api(`/orders/${one.order_id}/refunds`))[0].refund_amount, 10.25);
  await page.click('button:has-text("Dispute") >> nth=0');
  await page.waitForSelector('text=CHARGEBACK_CREATED');
  await page.click('button:has-text("Requests")');
  await page.click('summary >> nth=0');
  await page.waitForSelector('pre');
  await look('requests');
  await page.click('text=+1 day');
  await page.waitForTimeout(500);
  await page.click('text=+1 day');
  await page.click('button:has-text("Settlements")');
  await page.waitForSelector('article');
  await look('settlements');
}

// A shop's own page, with the stand-in for Cashfree's browser SDK.
async function modal() {
  const one = await order();
  const shop = http.createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(`<script src="${base}/_sandbox/cashfree.js"></script><button onclick="Cashfree({mode: 'sandbox'})
      .checkout({paymentSessionId: '${one.payment_session_id}', redirectTarget: '_modal'})
      .then(result => document.title = JSON.stringify(result))">buy</button>`);
  });
  await new Promise(done => shop.listen(0, '127.0.0.1', done));
  await page.goto(`http://127.0.0.1:${shop.address().port}/`);
  await page.click('text=buy');
  await page.frameLocator('iframe').locator('button.main').click();
  await page.waitForFunction(() => document.title.includes('Payment finished'));
  assert.equal(await status(one), 'PAID');
  shop.close();
}

for (const test of [upi, card, failedThenOtherwise, otherMethods, link, subscription, dashboard, modal]) {
  await test();
  console.log(`ok ${test.name}`);
}
await browser.close();
