import { expect, it } from 'vitest';
import { Rotation } from './rotation.ts';

const turns = (rotation: Rotation, count: number, offers: (id: string) => boolean = () => true): string =>
  Array.from({ length: count }, () => rotation.next(offers)).join('');

it('gives turns by weight, spread evenly', () => {
  const rotation = new Rotation();
  rotation.set('a', 1);
  rotation.set('b', 4);
  expect(turns(rotation, 500)).toBe('abbbb'.repeat(100));
});

it('lets a sweep that had nothing to offer save up no turns', () => {
  const rotation = new Rotation();
  rotation.set('a', 1);
  rotation.set('b', 1);
  expect(turns(rotation, 50, (id) => id === 'a')).toBe('a'.repeat(50));
  expect([...turns(rotation, 20)].filter((id) => id === 'b')).toHaveLength(10);
});

it('does not count a turn that brought nothing', () => {
  const rotation = new Rotation();
  rotation.set('a', 1);
  rotation.set('b', 1);
  for (let miss = 0; miss < 10; miss += 1) {
    expect(rotation.next((id) => id === 'a')).toBe('a');
    rotation.refund('a');
  }
  expect([...turns(rotation, 20)].filter((id) => id === 'a')).toHaveLength(10);
});

it('has no turn to give where nobody offers anything', () => {
  const rotation = new Rotation();
  rotation.set('a', 1);
  rotation.delete('a');
  expect(rotation.next(() => true)).toBeNull();
});
