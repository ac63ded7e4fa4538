// Stripe(pk).elements({clientSecret}).create('payment').mount('#here'), confirmPayment, retrievePaymentIntent, handleNextAction.
#include "sandbox/stripe/stripe_js.hpp"

#include <string>
#include <string_view>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view script = R"js('use strict';
(() => {
  const base = new URL(document.currentScript.src).origin;

  const fields = [
    ['number', 'cc-number', '1234 1234 1234 1234'],
    ['expiry', 'cc-exp', 'MM / YY'],
    ['cvc', 'cc-csc', 'CVC'],
  ];

  const words = {
    en: {number: 'Card number', expiry: 'Expiration date', cvc: 'Security code', incomplete_number: 'Your card number is incomplete.',
         incomplete_expiry: "Your card's expiration date is incomplete.", incomplete_cvc: "Your card's security code is incomplete."},
    de: {number: 'Kartennummer', expiry: 'Ablaufdatum', cvc: 'Sicherheitscode', incomplete_number: 'Die Kartennummer ist unvollständig.',
         incomplete_expiry: 'Das Ablaufdatum ist unvollständig.', incomplete_cvc: 'Der Sicherheitscode ist unvollständig.'},
  };

  function cardForm(captions) {
    const form = document.createElement('div');
    form.className = 'StripeElement';
    const inputs = {};
    for (const [name, autocomplete, placeholder] of fields) {
      const label = document.createElement('label');
      const input = document.createElement('input');
      label.textContent = captions[name] + ' ';
      Object.assign(input, {name, autocomplete, placeholder, type: 'text', inputMode: 'numeric', required: true});
      label.append(input);
      form.append(label);
      inputs[name] = input;
    }
    return {form, inputs};
  }

  // The card in the form, or what is wrong with it, as Stripe.js words it.
  function readCard({inputs, said}) {
    const wrong = (code) => ({error: {type: 'validation_error', code, message: said[code]}});
    const number = inputs.number.value.replace(/\s/g, '');
    if (!/^\d{12,19}$/.test(number)) return wrong('incomplete_number');
    const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(inputs.expiry.value.trim());
    if (!expiry) return wrong('incomplete_expiry');
    const cvc = inputs.cvc.value.trim();
    if (!/^\d{3,4}$/.test(cvc)) return wrong('incomplete_cvc');
    return {card: {number, exp_month: expiry[1], exp_year: expiry[2], cvc}};
  }

  function encode(params, prefix, out) {
    for (const [key, value] of Object.entries(params)) {
      const name = prefix ? `${prefix}[${key}]` : key;
      if (value === undefined || value === null) continue;
      if (typeof value === 'object') encode(value, name, out);
      else out.append(name, String(value));
    }
    return out;
  }

  window.Stripe = (key, {locale} = {}) => {
    const said = words[locale] ?? words.en;
    if (typeof key !== 'string' || !key.startsWith('pk_')) throw new Error('Stripe(): a publishable key is needed.');

    async function call(method, path, params) {
      const body = encode(params, '', new URLSearchParams());
      const query = method === 'GET' ? '?' + body : '';
      try {
        const answer = await fetch(base + path + query, {
          method, headers: {Authorization: 'Bearer ' + key}, ...(method === 'POST' ? {body} : {})});
        return await answer.json();
      } catch (_) {
        return {error: {type: 'api_connection_error', message: 'We are experiencing issues connecting to our payments provider.'}};
      }
    }

    const intentPath = (clientSecret) => '/v1/payment_intents/' + encodeURIComponent(clientSecret.split('_secret_')[0]);
    const result = (answer) => answer.error ? {error: answer.error} : {paymentIntent: answer};

    async function retrievePaymentIntent(clientSecret) {
      return result(await call('GET', intentPath(clientSecret), {client_secret: clientSecret}));
    }

    // The bank's page in a dialog; it tells us when the payer has answered.
    function challenge(url, id) {
      return new Promise((resolve) => {
        const dialog = document.createElement('dialog');
        const frame = document.createElement('iframe');
        frame.title = '3-D Secure';
        frame.src = url;
        frame.width = '400';
        frame.height = '360';
        const done = () => {
          window.removeEventListener('message', heard);
          dialog.remove();
          resolve();
        };
        const heard = (event) => {
          if (event.origin === base && event.source === frame.contentWindow && event.data?.sandboxChallenge === id) done();
        };
        window.addEventListener('message', heard);
        dialog.addEventListener('cancel', done);
        dialog.append(frame);
        document.body.append(dialog);
        dialog.showModal();
      });
    }

    async function handleNextAction({clientSecret}) {
      let outcome = await retrievePaymentIntent(clientSecret);
      if (outcome.error || outcome.paymentIntent.status !== 'requires_action') return outcome;
      const action = outcome.paymentIntent.next_action;
      await challenge(action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url.url, outcome.paymentIntent.id);
      outcome = await retrievePaymentIntent(clientSecret);
      if (outcome.error || outcome.paymentIntent.status !== 'requires_payment_method') return outcome;
      return {error: {...outcome.paymentIntent.last_payment_error, payment_intent: outcome.paymentIntent}};
    }

    async function confirmPayment({elements, clientSecret = elements?.clientSecret, confirmParams = {}, redirect = 'always'}) {
      const params = {client_secret: clientSecret, use_stripe_sdk: true, return_url: confirmParams.return_url};
      if (confirmParams.payment_method) {
        params.payment_method = confirmParams.payment_method;
      } else {
        const read = readCard(elements.getElement('payment'));
        if (read.error) return read;
        params.payment_method_data = {type: 'card', card: read.card, ...confirmParams.payment_method_data};
      }
      let outcome = result(await call('POST', intentPath(clientSecret) + '/confirm', params));
      if (outcome.paymentIntent?.status === 'requires_action') outcome = await handleNextAction({clientSecret});
      if (outcome.error || redirect === 'if_required') return outcome;
      const next = new URL(confirmParams.return_url);
      next.searchParams.set('payment_intent', outcome.paymentIntent.id);
      next.searchParams.set('payment_intent_client_secret', clientSecret);
      next.searchParams.set('redirect_status', outcome.paymentIntent.status);
      location.assign(next);
      return new Promise(() => {});
    }

    function elements({clientSecret}) {
      const made = {};
      return {
        clientSecret,
        create(type) {
          const listeners = {};
          const {form, inputs} = cardForm(said);
          const tell = (name, event) => (listeners[name] ?? []).forEach((listener) => listener(event));
          const element = {
            inputs,
            said,
            mount(place) {
              (typeof place === 'string' ? document.querySelector(place) : place).replaceChildren(form);
              queueMicrotask(() => tell('ready', {elementType: type}));
            },
            unmount: () => form.remove(),
            destroy: () => form.remove(),
            update() {},
            focus: () => inputs.number.focus(),
            on(name, listener) { (listeners[name] ??= []).push(listener); return element; },
          };
          form.addEventListener('input', () => {
            const read = readCard(element);
            tell('change', {elementType: type, complete: !read.error, error: undefined, value: {type: 'card'}});
          });
          return made[type] = element;
        },
        getElement: (type) => made[type] ?? null,
        submit: async () => readCard(made.payment).error ? {error: readCard(made.payment).error} : {},
        update() {},
      };
    }

    return {elements, confirmPayment, retrievePaymentIntent, handleNextAction};
  };
})();
)js";

} // namespace

http::Response stripeJs() {
    return http::answer(200, "text/javascript; charset=utf-8", std::string(script))
        .with("Cache-Control", "no-cache")
        .with("Cross-Origin-Resource-Policy", "cross-origin");
}

} // namespace visavis::sandbox::stripe
