package dev.plumbline.lm;

import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.torch.SafeTensors.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as a family's files hold it, which may be several of the program's in one.
 *
 * @param name its name in the file
 * @param packing how the parts lie in it
 * @param parts the program's tensors; their rows, one part after the other, are what is packed
 */
record StoredTensor(String name, Packing packing, List<Weight> parts) {

  /** How the rows of the parts lie in a stored tensor. */
  sealed interface Packing {}

  /** One part after the other. */
  record Rows() implements Packing {}

  /** One part after the other, the whole transposed: [in, out] (GPT-2). */
  record Transposed() implements Packing {}

  /**
   * Each head's rows of every part together (GPT-NeoX).
   *
   * @param heads heads in each part
   */
  record ByHead(int heads) implements Packing {}

  static StoredTensor plain(String name, Weight weight) {
    return new StoredTensor(name, new Rows(), List.of(weight));
  }

  /** Whether it is one of the program's tensors as it stands. */
  boolean isPlain() {
    return packing instanceof Rows && parts.size() == 1;
  }

  private int rows() {
    return parts.stream().mapToInt(part -> (int) part.shape()[0]).sum();
  }

  private int columns() {
    Weight part = parts.getFirst();
    return part.shape().length == 1 ? 1 : (int) part.shape()[1];
  }

  /** Its extents in the file. */
  long[] shape() {
    if (parts.getFirst().shape().length == 1) {
      return new long[] {rows()};
    }
    return packing instanceof Transposed
        ? new long[] {columns(), rows()}
        : new long[] {rows(), columns()};
  }

  /** The parts of a stored tensor, which has {@link #shape()}. */
  List<Entry> unpack(float[] stored) {
    int[] places = places();
    int columns = columns();
    List<Entry> entries = new ArrayList<>();
    int row = 0;
    for (Weight part : parts) {
      float[] values = new float[(int) part.size()];
      for (int i = 0; i < part.shape()[0]; i++, row++) {
        for (int j = 0; j < columns; j++) {
          values[i * columns + j] = stored[index(places[row], j)];
        }
      }
      entries.add(new Entry(part.shape(), values));
    }
    return entries;
  }

  /** The stored tensor of its parts' values. */
  Entry pack(List<float[]> values) {
    int[] places = places();
    int columns = columns();
    float[] stored = new float[rows() * columns];
    int row = 0;
    for (float[] part : values) {
      for (int i = 0; i < part.length / columns; i++, row++) {
        for (int j = 0; j < columns; j++) {
          stored[index(places[row], j)] = part[i * columns + j];
        }
      }
    }
    return new Entry(shape(), stored);
  }

  private int index(int row, int column) {
    return packing instanceof Transposed ? column * rows() + row : row * columns() + column;
  }

  /** For each row of the parts, its row among the packed ones. */
  private int[] places() {
    int[] places = new int[rows()];
    if (!(packing instanceof ByHead(int heads))) {
      Arrays.setAll(places, i -> i);
      return places;
    }
    int each = rows() / heads;
    int row = 0;
    int before = 0;
    for (Weight part : parts) {
      int height = (int) part.shape()[0] / heads;
      for (int i = 0; i < part.shape()[0]; i++) {
        places[row++] = i / height * each + before + i % height;
      }
      before += height;
    }
    return places;
  }
}
