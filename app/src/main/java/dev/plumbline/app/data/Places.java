package dev.plumbline.app.data;

import javafx.collections.ObservableListBase;

/** The numbers from 0 to a size, as a list that takes no memory; a table of any length has one. */
final class Places extends ObservableListBase<Integer> {
  private final int size;

  Places(int size) {
    this.size = size;
  }

  @Override
  public Integer get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return index;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean contains(Object each) {
    return indexOf(each) >= 0;
  }

  @Override
  public int indexOf(Object each) {
    return each instanceof Integer place && place >= 0 && place < size ? place : -1;
  }

  @Override
  public int lastIndexOf(Object each) {
    return indexOf(each);
  }
}
