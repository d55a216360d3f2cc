import { expect, it } from 'vitest';
import { queriesIn } from './queries';

it('reads names, codes, and both', () => {
  expect(queriesIn('某某社工服务中心\n52320508MJ1234567R\n\n 某某社 52320508MJ1234567R ')).toEqual({
    1: { name: '某某社工服务中心', uscc: null },
    2: { name: null, uscc: '52320508MJ1234567R' },
    3: { name: '某某社', uscc: '52320508MJ1234567R' },
  });
});
