import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps, FieldError, Input, Label, NumberField as AriaNumberField, Text, TextArea, TextField as AriaTextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { Icon, type IconName } from './icons'

type Look = { kind?: 'primary' | 'plain' | 'quiet' | 'danger'; wide?: boolean; large?: boolean; icon?: IconName }

/** Button is a touch target of at least 48 px. One primary button a screen. */
export function Button({ kind = 'plain', wide, large, icon, children, ...rest }: Omit<ButtonProps, 'className' | 'children'> & Look & { children?: ReactNode }) {
  return (
    <AriaButton {...rest} className="button" data-kind={kind} data-wide={wide || undefined} data-large={large || undefined} data-icon-only={(icon && !children) || undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  )
}

type FieldProps = { label: string; hint?: string; problem?: string; value: string; onChange: (value: string) => void; required?: boolean; name?: string }

/** TextField is a labelled line of text, or several with rows. */
export function TextField({ label, hint, problem, rows, type = 'text', inputMode, autoComplete, value, onChange, required, name }: FieldProps & { rows?: number; type?: string; inputMode?: 'text' | 'numeric' | 'tel' | 'email' | 'decimal'; autoComplete?: string }) {
  return (
    <AriaTextField className="field" value={value} onChange={onChange} isInvalid={Boolean(problem)} isRequired={required} name={name} type={type} autoComplete={autoComplete}>
      <Label>{label}</Label>
      {rows ? <TextArea className="input" rows={rows} /> : <Input className="input" inputMode={inputMode} />}
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="problem">{problem}</FieldError>
    </AriaTextField>
  )
}

/** NumberField is a labelled number, written with its separators; NaN is empty. */
export function NumberField({ label, hint, problem, value, onChange, step, min = 0, max }: { label: string; hint?: string; problem?: string; value: number; onChange: (value: number) => void; step?: number; min?: number; max?: number }) {
  return (
    <AriaNumberField className="field" value={value} onChange={onChange} isInvalid={Boolean(problem)} minValue={min} maxValue={max} step={step} formatOptions={{ maximumFractionDigits: 2 }}>
      <Label>{label}</Label>
      <Input className="input" />
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="problem">{problem}</FieldError>
    </AriaNumberField>
  )
}

export type Choice<K extends string> = { key: K; label: string; icon?: IconName; note?: string }

/** Choices are large buttons of which one, or several with many, can be chosen. */
export function Choices<K extends string>({ label, choices, chosen, onChange, many, column }: { label: string; choices: Choice<K>[]; chosen: K[]; onChange: (chosen: K[]) => void; many?: boolean; column?: string }) {
  return (
    <div className="field" role="group" aria-label={label}>
      <span className="label" aria-hidden="true">{label}</span>
      <ToggleButtonGroup
        className="choices" aria-label={label} selectionMode={many ? 'multiple' : 'single'} selectedKeys={chosen} onSelectionChange={(keys) => onChange([...keys] as K[])}
        style={column ? ({ '--column': column } as React.CSSProperties) : undefined}
      >
        {choices.map((c) => (
          <ToggleButton key={c.key} id={c.key} className="choice">
            {c.icon && <Icon name={c.icon} />}
            <span>
              {c.label}
              {c.note && <span className="small soft"> {c.note}</span>}
            </span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}

/** SelectField is a labelled list of which one is chosen; the device shows it in its own way. */
export function SelectField({ label, hint, value, onChange, options, empty }: { label: string; hint?: string; value: string; onChange: (value: string) => void; options: { key: string; label: string }[]; empty?: string }) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value} onChange={(e) => onChange(e.target.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((o) => <option key={o.key} value={o.key}>{o.label}</option>)}
      </select>
      {hint && <span className="hint">{hint}</span>}
    </label>
  )
}
