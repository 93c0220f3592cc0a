package dev.plumbline.app.cli;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** A command of {@code plumbline analyze}: it reads a file and prints numbers. */
abstract class Analysis implements Callable<Integer> {
  @ParentCommand AnalyzeCommand parent = new AnalyzeCommand();

  @Option(names = "--json", description = "The numbers as JSON on standard output")
  boolean json;

  /** Where it writes. */
  Output output() {
    return parent.output();
  }

  /** Prints for scripts or for people, as was asked. */
  int answer(Supplier<Object> report, Consumer<Output> people) {
    if (json) {
      output().json(report.get());
    } else {
      people.accept(output());
    }
    return CommandLineEntry.OK;
  }
}
