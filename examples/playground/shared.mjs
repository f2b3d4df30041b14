// What panels hand to each other: the open merchant, and the last event. In memory alone, and gone with the page.
let merchant;
let event;
const watching = { merchant: new Set(), event: new Set() };
const tell = (what) => {
  for (const watcher of watching[what]) watcher();
};

export const openedMerchant = () => merchant;
export const lastEvent = () => event;
export const onMerchant = (watcher) => void watching.merchant.add(watcher);
export const onEvent = (watcher) => void watching.event.add(watcher);

/** Takes another merchant, or none. The key of the one before is wiped. */
export function setMerchant(next) {
  const before = merchant;
  merchant = next;
  before?.close();
  tell('merchant');
}

export function setEvent(next) {
  event = next;
  tell('event');
}

addEventListener('pagehide', (leaving) => {
  // A page that is kept for the back button goes on living, and its key with it.
  if (!leaving.persisted) merchant?.close();
});
