// Which merchant a panel works with, or where to open one.
import { h, note, put, toPanel } from './dom.mjs';
import { say } from './language.mjs';
import { onMerchant, openedMerchant } from './shared.mjs';

export function merchantLine() {
  const place = h('div', { class: 'merchant-line' });
  const show = () => {
    const merchant = openedMerchant();
    if (merchant) {
      put(
        place,
        note(
          'plain',
          say('merchant.inUse'),
          ' ',
          h('code', {}, merchant.mchId),
          ' · ',
          toPanel('merchant', say('merchant.change')),
        ),
      );
    } else {
      put(place, note('warn', say('merchant.none'), ' ', toPanel('merchant', say('merchant.open'))));
    }
  };
  onMerchant(show);
  show();
  return place;
}
