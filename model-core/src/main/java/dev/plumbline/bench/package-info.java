/**
 * What the engine's speed is, as ratios to the machine's own rate: {@link dev.plumbline.bench
 * .Benchmark} measures, {@link dev.plumbline.bench.BenchProcess} starts it as workers are started.
 */
@NullMarked
package dev.plumbline.bench;

import org.jspecify.annotations.NullMarked;
