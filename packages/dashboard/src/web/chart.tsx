import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartTheme {
  readonly text: string;
  readonly grid: string;
  readonly accent: string;
  readonly second: string;
  readonly point: string;
}

export type ChartShape = Pick<uPlot.Options, 'series' | 'scales' | 'axes' | 'cursor' | 'legend' | 'hooks'>;

interface ChartProps {
  /** What a reader who doesn't see it gets. */
  readonly label: string;
  readonly height: number;
  readonly data: uPlot.AlignedData;
  readonly shape: (theme: ChartTheme) => ChartShape;
  /** The chart is made anew when this changes; otherwise only its data is replaced. */
  readonly shapeKey: string;
  /** A click on the plot: the index of the nearest x. */
  readonly onPick?: (index: number) => void;
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** A uPlot canvas that follows its box and the colour scheme. */
export function Chart({ label, height, data, shape, shapeKey, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isDark = useIsDark();
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const element = box.current!;
    const size = { width: Math.max(element.clientWidth, 1), height };
    const made = new uPlot({ ...size, ...shape(readTheme(element)) }, data, element);
    plot.current = made;
    made.over.addEventListener('click', () => {
      const index = made.cursor.idx;
      if (index !== null && index !== undefined) pick.current?.(index);
    });
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(element.clientWidth, 1), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shapeKey, isDark, height]);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div class="chart" ref={box} role="img" aria-label={label} data-clickable={onPick !== undefined} />;
}

function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: color('--muted'),
    grid: color('--line'),
    accent: color('--accent'),
    second: color('--second'),
    point: color('--point'),
  };
}

function useIsDark(): boolean {
  const [isDark, setIsDark] = useState(DARK.matches);
  useEffect(() => {
    const onChange = (): void => setIsDark(DARK.matches);
    DARK.addEventListener('change', onChange);
    return () => DARK.removeEventListener('change', onChange);
  }, []);
  return isDark;
}
