// The pay page: Stripe's form, or its stand-in's with the same calls. Only the server's word that the booking is confirmed ends it well.
'use strict';

(() => {
  const form = document.getElementById('pay');
  const button = form.querySelector('button');
  const left = document.getElementById('left');
  const says = { error: document.getElementById('pay-error'), status: document.getElementById('pay-status') };
  const { booking } = form.dataset;
  const texts = form.dataset;
  const declines = JSON.parse(texts.declines);
  const api = `/api/v1/bookings/${booking}`;
  let expires = Date.parse(texts.expires);
  let ahead = 0; // of this machine's clock, which may be wrong, is the server's
  let over = false;
  let paying = false;

  function say(kind, text) {
    for (const [name, place] of Object.entries(says)) {
      place.hidden = name !== kind || !text;
      place.textContent = name === kind ? text : '';
    }
  }

  function reason(error) {
    if (error.type === 'validation_error') return error.message;
    return declines[error.decline_code] ?? declines[error.code] ?? (error.type === 'card_error' ? declines[''] : texts.failed);
  }

  function finish() {
    over = true;
    form.hidden = true;
    left.textContent = '';
  }

  async function ask(path, options) {
    const answer = await fetch(path, options).catch(() => null);
    const now = Date.parse(answer?.headers.get('Date'));
    if (now) ahead = now - Date.now();
    return answer;
  }

  // What the server says of the booking, once asked.
  async function look() {
    if (over) return;
    const answer = await ask(api, { headers: { Accept: 'application/json' } });
    if (answer?.status === 401) return location.reload(); // the log-in has ended: this address leads there and back
    if (!answer?.ok || over) return;
    const { status, holdExpiresAt } = await answer.json();
    if (over) return; // the stream and the timer may both have asked
    if (holdExpiresAt) expires = Date.parse(holdExpiresAt);
    if (status === 'confirmed') {
      finish();
      location.replace(`/bookings/${booking}?done=paid`);
    } else if (status === 'cancelled') {
      finish();
      say('error', texts.expired);
    }
  }

  // Told live; and asked now and then, should the stream be cut off by something on the way.
  function watch() {
    const stream = new EventSource('/api/v1/events');
    stream.addEventListener('booking', look);
    stream.addEventListener('reset', look);
    setInterval(look, 4000);
    document.addEventListener('visibilitychange', () => document.hidden || look());
  }

  let told = Infinity;
  function tick() {
    if (over || !expires) return;
    const seconds = Math.max(0, Math.floor((expires - Date.now() - ahead) / 1000));
    const minutes = Math.ceil(seconds / 60);
    left.textContent = seconds ? texts.left.replace('%', `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`) : '';
    if (minutes <= 2 && minutes < told && seconds && says.status.hidden && !paying) say('status', texts.soon);
    told = Math.min(told, minutes);
    if (!seconds) look();
  }

  function busy(yes) {
    paying = yes;
    button.disabled = yes;
    form.setAttribute('aria-busy', String(yes));
  }

  // Stripe has taken it: the form goes, and we wait for the server.
  function accepted() {
    form.hidden = true;
    say('status', texts.waiting);
    look();
  }

  async function start() {
    const answer = await ask(`${api}/payment`, { method: 'POST' });
    if (!answer) return say('error', texts.unavailable);
    if (answer.status === 401) return location.reload();
    const asked = await answer.json();
    if (asked.code === 'already_paid') return accepted();
    if (asked.code === 'hold_expired' || asked.code === 'wrong_state') return finish(), say('error', texts.expired);
    if (!answer.ok) return say('error', texts.unavailable);
    expires = Date.parse(asked.expiresAt);
    if (typeof Stripe !== 'function') return say('error', texts.unavailable);
    const stripe = Stripe(asked.publishableKey, { locale: document.documentElement.lang });
    const appearance = { theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe' };
    const elements = stripe.elements({ clientSecret: asked.clientSecret, appearance });
    elements.create('payment').mount('#card');
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (paying || over) return;
      busy(true);
      say('status', texts.working);
      const outcome = await stripe.confirmPayment({
        elements, clientSecret: asked.clientSecret, confirmParams: { return_url: texts.return }, redirect: 'if_required' });
      busy(false);
      if (outcome.error) return say('error', reason(outcome.error));
      accepted();
    });
    await returned(stripe);
  }

  // A bank has sent the payer back: its word is in the address, which nobody else needs to see.
  async function returned(stripe) {
    const address = new URL(location.href);
    const secret = address.searchParams.get('payment_intent_client_secret');
    if (!secret) return;
    history.replaceState(null, '', address.pathname);
    const { paymentIntent, error } = await stripe.retrievePaymentIntent(secret);
    if (error) return say('error', reason(error));
    if (paymentIntent.status === 'succeeded' || paymentIntent.status === 'processing') return accepted();
    if (paymentIntent.last_payment_error) say('error', reason(paymentIntent.last_payment_error));
  }

  watch();
  start().finally(() => (tick(), setInterval(tick, 1000)));
})();
