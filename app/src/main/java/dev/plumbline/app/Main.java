package dev.plumbline.app;

/** The one entry: without argument the workbench, with a subcommand that and no window. */
public final class Main {
  private Main() {}

  /** Starts Plumbline. */
  public static void main(String[] args) {
    System.out.println(String.join(" ", args));
  }
}
