import { announceRunning, forgetRunning } from '../src/story/running.ts';
import { Progress } from '../src/story/progress.ts';
import { readArguments, usageOf } from '../src/story/arguments.ts';
import { toldFlows } from '../src/flows/index.ts';
import { runStory } from '../src/story/run.ts';
import { runCommand } from 'kernel/command-line.ts';

const main = async (): Promise<number> => {
  const told = await toldFlows();
  const args = readArguments(process.argv.slice(2), told);
  if (args === 'help') {
    process.stdout.write(`${usageOf(told)}\n`);
    return 0;
  }
  const progress = new Progress();
  const { system, chapters, agreed, text, reportProblem } = await runStory(
    told.filter(({ name }) => args.flows.includes(name)),
    args,
    progress,
  );
  process.stdout.write(text);
  if (reportProblem) process.stderr.write(`${reportProblem}\n`);
  if (!args.once) {
    const middleLayerUrl = system.hasMiddleLayer ? system.middleLayer.url : null;
    process.stdout.write(
      [
        `  local org         ${system.org.instanceUrl}  (${system.org.info.username})`,
        ...(middleLayerUrl === null ? [] : [`  middle layer      ${middleLayerUrl}/health  /ready  /v1/status`]),
        `  access token      ${system.org.info.accessToken}`,
        `  operator token    ${system.operatorToken}`,
        ...[...chapters.values()].flatMap((chapter) =>
          chapter.places(system).map(([label, value]) => `  ${label.padEnd(17)} ${value}`),
        ),
        '  Everything keeps running; Ctrl+C ends it.\n',
      ].join('\n'),
    );
    await announceRunning({
      instanceUrl: system.org.instanceUrl,
      accessToken: system.org.info.accessToken,
      externals: system.externals(),
      middleLayerUrl,
      operatorToken: system.operatorToken,
      clockOffsetMs: system.offset(),
    });
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
      void progress.unread.then(resolve);
    });
  }
  await forgetRunning();
  await system.stop();
  return agreed && !reportProblem ? 0 : 1;
};

await runCommand(main);
