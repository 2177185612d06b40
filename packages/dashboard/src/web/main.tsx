import { render } from 'preact';
import { App } from './app.tsx';
import { LiveSweep } from './live-sweep.ts';
import './style.css';

render(<App live={new LiveSweep()} />, document.getElementById('app')!);
