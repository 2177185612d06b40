// A process of its own with a plain connection: runs each line of standard input as SQL and answers each with a line.
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';

const db = new Database(process.argv[2], { timeout: 5_000 });
const answer = (line) => process.stdout.write(`${line}\n`);
answer('open');
for await (const line of createInterface({ input: process.stdin })) {
  try {
    db.exec(JSON.parse(line));
    answer('ok');
  } catch (error) {
    answer(`${error.code}: ${error.message}`);
  }
}
