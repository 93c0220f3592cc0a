package dev.plumbline.app.shell;

/** Goes to a page. */
public interface Navigator {
  void show(Page page);
}
