package dev.plumbline.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only holds subcommands; called alone it is wrong usage and says what there is. */
abstract class Group implements Callable<Integer> {
  @Spec @org.jspecify.annotations.Nullable CommandSpec spec;

  /** Where this command's children write. */
  abstract Output output();

  @Override
  public Integer call() {
    CommandSpec own = java.util.Objects.requireNonNull(spec, "picocli sets it");
    throw new CommandLine.ParameterException(
        own.commandLine(),
        own.qualifiedName() + " needs a command: " + String.join(", ", own.subcommands().keySet()));
  }
}
