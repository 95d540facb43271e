/** Preloaded into every candidate, so that each tells its own figures in the same way. */
import { GCProfiler } from 'node:v8';
import { answerParent } from './parent.ts';

export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

let allocations: { readonly profiler: GCProfiler; readonly startBytes: number } | null = null;

answerParent({
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
  },
  startAllocations() {
    const profiler = new GCProfiler();
    allocations = { profiler, startBytes: process.memoryUsage().heapUsed };
    profiler.start();
  },
  /** Bytes allocated on the JavaScript heap since then: the growth from the end of each collection to the next. */
  stopAllocations(): number {
    if (allocations === null) throw new Error('Allocations are not counted.');
    const { profiler, startBytes } = allocations;
    let bytes = 0;
    let last = startBytes;
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      bytes += beforeGC.heapStatistics.usedHeapSize - last;
      last = afterGC.heapStatistics.usedHeapSize;
    }
    allocations = null;
    return bytes + process.memoryUsage().heapUsed - last;
  },
});

// The candidate alone decides when it is done.
process.channel?.unref();
