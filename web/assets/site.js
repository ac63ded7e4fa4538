// What makes the public pages quicker to use. Each of them works without it.
'use strict';

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const remembered = document.cookie.split('; ').find((pair) => pair.startsWith('tz='));
  const framed = window !== window.parent;
  document.documentElement.classList.add('scripted');

  // The server shows times in the reader's zone from the first page on.
  function remember(name) {
    if (!framed) document.cookie = `tz=${name}; Path=/; SameSite=Lax; Max-Age=31536000`;
  }
  if (zone && !remembered) remember(zone);

  const picker = () => document.getElementById('times');

  // Puts what another page of ours says in the place of this one's: all of it, since other times on it are in the same zone.
  async function show(address, focus) {
    const shown = document.getElementById('main');
    shown.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(address, { headers: { Accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
      if (!answer.ok || !next?.querySelector('#times')) throw new Error(answer.statusText);
      shown.replaceWith(next);
      history.replaceState(null, '', new URL(address, location.href).pathname + new URL(address, location.href).search);
      if (focus) document.querySelector(focus)?.focus();
    } catch (_) {
      location.assign(address);
    }
  }

  function withZone(name) {
    const address = new URL(location.href);
    address.searchParams.set('tz', name);
    address.hash = '';
    return address.href;
  }

  document.addEventListener('change', (event) => {
    if (event.target.id !== 'tz') return;
    remember(event.target.value);
    show(withZone(event.target.value), '#tz');
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('.week a, .tabs a, .picker .empty a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.href.replace(/#.*/, ''), link.closest('.tabs') ? '.tabs a[aria-current]' : '#times');
  });

  const chosen = new URL(location.href).searchParams.has('tz');
  if (picker() && zone && !chosen && !remembered && picker().dataset.zone !== zone) show(withZone(zone));

  // A page of a state that changes asks for itself again when the server tells of something, and takes over the parts that nobody is busy with.
  const isBusy = (part) => part.contains(document.activeElement) || part.querySelector('details[open]');
  async function refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-part]')) {
      const other = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other && other.innerHTML !== part.innerHTML && !isBusy(part)) part.innerHTML = other.innerHTML;
    }
  }
  if (document.querySelector('[data-live]')) {
    const events = new EventSource('/api/v1/events');
    for (const kind of ['booking', 'payment', 'notification', 'reset']) events.addEventListener(kind, refresh);
    window.addEventListener('pagehide', () => events.close());
  }

  // A form is sent once.
  document.addEventListener('submit', (event) => {
    if (event.target.method !== 'post') return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form').forEach((form) => delete form.dataset.sent));

  // The first field at fault, for who cannot see the red.
  document.querySelector('[aria-invalid="true"]')?.focus();
})();
