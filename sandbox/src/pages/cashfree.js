// Stands in for Cashfree's browser SDK: load it from the sandbox instead, and call it the same.
'use strict';

(function () {
  const origin = new URL(document.currentScript.src).origin;

  function go(path, target) {
    const url = `${origin}/_sandbox/${path}`;
    if (target === '_blank') {
      window.open(url, '_blank');
      return new Promise(() => {});
    }
    if (target !== '_modal' && !(target instanceof Element)) {
      window.location.assign(url);
      return new Promise(() => {});
    }
    return new Promise(resolve => {
      const frame = document.createElement('iframe');
      frame.src = url;
      const over = 'position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:#fff';
      frame.style.cssText = target === '_modal' ? over : 'width:100%;height:40rem;border:0';
      (target === '_modal' ? document.body : target).append(frame);
      window.addEventListener('message', function done(event) {
        if (event.origin !== origin || !event.data || event.data.cashfree !== 'done') return;
        window.removeEventListener('message', done);
        if (target === '_modal') frame.remove();
        resolve({ paymentDetails: { paymentMessage: 'Payment finished. Check status.' }, redirect: false });
      });
    });
  }

  window.Cashfree = function () {
    return {
      checkout: ({ paymentSessionId, redirectTarget }) => go(`checkout/${encodeURIComponent(paymentSessionId)}`, redirectTarget),
      subscriptionsCheckout: ({ subsSessionId, redirectTarget }) => go(`subscriptions/${encodeURIComponent(subsSessionId)}`, redirectTarget),
      version: () => 'sandbox',
    };
  };
})();
