package dev.plumbline.app;

import dev.plumbline.app.cli.CommandLineEntry;

/** The one entry: without argument the workbench, with a subcommand that and no window. */
public final class Main {
  private Main() {}

  /** Starts Plumbline and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = CommandLineEntry.run(args);
    if (code != 0) {
      System.exit(code);
    }
  }
}
