package dev.plumbline.figure;

import dev.plumbline.analysis.MinMaxPyramid;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** An immutable column of numbers; NaN stands for "no value here". */
public final class Column {
  private static final Column EMPTY = new Column(new double[0]);

  private final double[] values;

  // Found when they are first asked for; each thread that asks at once finds the same.
  private volatile @Nullable Boolean ascending;
  private volatile @Nullable MinMaxPyramid pyramid;
  private volatile @Nullable Column logarithms;

  private Column(double[] values) {
    this.values = values;
  }

  /** The column without rows. */
  public static Column empty() {
    return EMPTY;
  }

  /** A column of these values; the array is copied. */
  public static Column of(double... values) {
    return new Column(values.clone());
  }

  /** A column of whole numbers, such as steps. */
  public static Column of(long... values) {
    return new Column(Arrays.stream(values).asDoubleStream().toArray());
  }

  /** Rows in the column. */
  public int size() {
    return values.length;
  }

  /** True without rows. */
  public boolean isEmpty() {
    return values.length == 0;
  }

  /** The value in a row. */
  public double get(int row) {
    return values[row];
  }

  /** The last value. */
  public double last() {
    return values[values.length - 1];
  }

  /** A copy of the values. */
  public double[] toArray() {
    return values.clone();
  }

  /** A column of the same length with every value changed. */
  public Column map(DoubleUnaryOperator change) {
    return new Column(Arrays.stream(values).map(change).toArray());
  }

  /** True when no value is smaller than the one before; a NaN makes it false. */
  public boolean ascending() {
    Boolean known = ascending;
    if (known == null) {
      known = isAscending();
      ascending = known;
    }
    return known;
  }

  private boolean isAscending() {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i]) || (i > 0 && values[i] < values[i - 1])) {
        return false;
      }
    }
    return true;
  }

  /** The lowest and highest values of its stretches. */
  MinMaxPyramid pyramid() {
    MinMaxPyramid known = pyramid;
    if (known == null) {
      known = MinMaxPyramid.of(values);
      pyramid = known;
    }
    return known;
  }

  /** Decimal logarithms; NaN where a value is not above zero. */
  Column logarithms() {
    Column known = logarithms;
    if (known == null) {
      known = map(value -> value > 0 ? Math.log10(value) : Double.NaN);
      logarithms = known;
    }
    return known;
  }

  /** The values as an axis of this scale spaces them. */
  Column coordinates(Axis.Scale scale) {
    return scale == Axis.Scale.LOG ? logarithms() : this;
  }

  /** A column of these values, which the caller must not change from now on: for bulk data. */
  public static Column wrap(double[] values) {
    return new Column(values);
  }

  /** The values themselves, for reading only, inside the package. */
  double[] raw() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Column column && Arrays.equals(values, column.values));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return values.length <= 8 ? Arrays.toString(values) : "Column of " + values.length;
  }
}
